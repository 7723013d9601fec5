import { COLON } from "../../texts/ui.ts";
import "./views.css";
import { t } from "../../texts/language.ts";
import {
  ALL_DONE,
  CORRECT,
  GO_ON,
  JUST_RECORDED,
  LOADING,
  NO_SHIFT,
  NO_TEAM,
  NOTHING,
  NOTHING_SHIFT,
  OFF_NOW,
  ON_BREAK,
  SHIFT_AHEAD,
  THEN,
  WAITS,
} from "../../texts/phone-views.ts";
import { CheckIcon } from "../../ui/icons.tsx";
import { go, place } from "../place.ts";
import { duty, route } from "../route.ts";
import { me } from "../session.ts";
import { Alarms } from "./Alarms.tsx";
import { ChangeNotice } from "./ChangeNotice.tsx";
import { nextStop, numbered } from "./doors.ts";
import { EndingNotice } from "./EndingNotice.tsx";
import { Handover } from "./Handover.tsx";
import { tell } from "./keeping.ts";
import { allNamed, atDay, outcomeName } from "./naming.ts";
import { Record } from "./Record.tsx";
import { RouteRow } from "./RouteRow.tsx";
import { headingOf, StopView } from "./StopScreen.tsx";
import { useNow } from "./useNow.ts";
import { View } from "./View.tsx";

/** The next door, big. */
export function Now() {
  const { screen, id } = place.value;
  if (screen === "record" && id) return <Record stopKey={id} tab="now" />;
  if (screen === "handover") return <Handover />;
  const stops = route.value?.stops ?? [];
  const next = nextStop(stops);
  const resting = duty.value === "off" || duty.value === "break";
  const news = (
    <>
      <Alarms />
      <ChangeNotice />
      <EndingNotice />
      {resting && <Resting off={duty.value === "off"} />}
      <JustRecorded />
    </>
  );
  if (!next)
    return (
      <View>
        {news}
        <NothingToDo />
      </View>
    );
  const head = (
    <>
      {news}
      {!next.break && <h1>{headingOf(next)}</h1>}
    </>
  );
  return (
    <StopView key={next.key} stop={next} tab="now" head={head}>
      <After stops={stops} next={next.key} />
    </StopView>
  );
}

function Resting({ off }: { off: boolean }) {
  return (
    <div class="notice notice--warn row row--apart">
      <span>{t(off ? OFF_NOW : ON_BREAK)}</span>
      <button type="button" class="button" onClick={() => void tell({ report: "duty", duty: "on" })}>
        {t(GO_ON)}
      </button>
    </div>
  );
}

type Stops = NonNullable<typeof route.value>["stops"];

/** The one after it, for the eye that plans ahead. */
function After({ stops, next }: { stops: Stops; next: string }) {
  const list = numbered(stops);
  const after = list[list.findIndex(({ stop }) => stop.key === next) + 1];
  if (!after) return null;
  return (
    <section>
      <h2 class="door__heading">{t(THEN)}</h2>
      <ol class="plain">
        <RouteRow stop={after.stop} number={after.number} />
      </ol>
    </section>
  );
}

function NothingToDo() {
  const member = me.value?.member;
  const recorded = route.value?.recorded_today.filter((one) => !one.struck).length ?? 0;
  return (
    <div class="empty">
      <CheckIcon />
      <h1>{t(route.value ? NOTHING : LOADING)}</h1>
      {member && <p class="quiet">{shiftWords(member)}</p>}
      {recorded > 0 && <p class="quiet">{t(ALL_DONE, { n: recorded })}</p>}
    </div>
  );
}

function shiftWords(member: NonNullable<NonNullable<typeof me.value>["member"]>): string {
  if (!member.team) return t(NO_TEAM);
  if (!member.shift) return t(NO_SHIFT);
  return member.shift.is_now
    ? t(NOTHING_SHIFT, { time: atDay(member.shift.ends_at) })
    : t(SHIFT_AHEAD, { time: atDay(member.shift.starts_at) });
}

const SLIP_MS = 120_000;

/** What was recorded a moment ago, with the way to correct a slip. */
function JustRecorded() {
  const now = useNow(15_000);
  const last = route.value?.recorded_today
    .filter((one) => !one.struck && now - Date.parse(one.at) < SLIP_MS)
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))[0];
  if (!last) return null;
  const what = [allNamed([last.names]), last.outcome && outcomeName(last.outcome, false)].filter(Boolean).join(" · ");
  return (
    <div class="notice notice--good row row--apart">
      <span>
        {t(JUST_RECORDED)}
        {t(COLON)}
        {what} {last.waiting && <span class="badge badge--warn">{t(WAITS)}</span>}
      </span>
      {last.outcome && (
        <button type="button" class="button button--quiet" onClick={() => go("done", "correct", last.id)}>
          {t(CORRECT)}
        </button>
      )}
    </div>
  );
}
