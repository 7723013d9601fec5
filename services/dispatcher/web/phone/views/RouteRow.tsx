import { t } from "../../texts/language.ts";
import { BREAK, BREAK_FROM_TO, KEPT, NEW_MARK, NO_ADDRESS, PLANNED_LATE } from "../../texts/phone-views.ts";
import { LockIcon, PauseIcon, PhoneIcon } from "../../ui/icons.tsx";
import { span } from "../../ui/time.ts";
import { go } from "../place.ts";
import { changes } from "../route.ts";
import type { Stop } from "../route-overlay.ts";
import { isNew } from "./changed.ts";
import { isCall, isKept, peopleOf, plannedLate } from "./doors.ts";
import { allNamed, at } from "./naming.ts";
import { WhoCalls } from "./WhoCalls.tsx";

/** One stop of the list: a tap opens it. What changed is marked until it is acknowledged. */
export function RouteRow({ stop, number }: { stop: Stop; number: number | null }) {
  if (stop.break)
    return (
      <li class="stop stop--break">
        <span class="stop__number">
          <PauseIcon />
        </span>
        <span class="stop__what">
          <strong>{t(BREAK)}</strong>
          <span class="quiet">{t(BREAK_FROM_TO, { from: at(stop.arrive_at), to: at(stop.leave_at) })}</span>
        </span>
      </li>
    );
  const fresh = isNew(stop, changes.value?.added ?? []);
  return (
    <li class={fresh ? "stop stop--new" : "stop"}>
      <button type="button" class="stop__open" onClick={() => go("route", "stop", stop.key)}>
        <span class="stop__number">{isCall(stop) ? <PhoneIcon /> : number}</span>
        <span class="stop__what">
          <StopTitle stop={stop} />
          <StopBadges stop={stop} fresh={fresh} />
        </span>
        <time class="stop__time" dateTime={stop.arrive_at}>
          {at(stop.arrive_at)}
        </time>
      </button>
    </li>
  );
}

/** Where, or whom to call; then what. Who may not know whom to call reads only what. */
function StopTitle({ stop }: { stop: Stop }) {
  const person = peopleOf(stop)[0]?.name;
  const title = isCall(stop) ? person || stop.address : stop.address || person || t(NO_ADDRESS);
  const tasks = allNamed(stop.tasks.map((task) => task.names));
  return title ? (
    <>
      <strong>{title}</strong>
      <span class="quiet">{tasks}</span>
    </>
  ) : (
    <strong>{tasks}</strong>
  );
}

function StopBadges({ stop, fresh }: { stop: Stop; fresh: boolean }) {
  const late = plannedLate(stop);
  const call = isCall(stop) ? stop.tasks[0] : undefined;
  if (!fresh && !late && !isKept(stop) && !call?.caller) return null;
  return (
    <span class="stop__badges">
      {fresh && <span class="badge badge--info">{t(NEW_MARK)}</span>}
      {call && <WhoCalls task={call} />}
      {isKept(stop) && (
        <span class="badge badge--good">
          <LockIcon /> {t(KEPT)}
        </span>
      )}
      {late > 0 && <span class="badge badge--bad">{t(PLANNED_LATE, { time: span(late) })}</span>}
    </span>
  );
}
