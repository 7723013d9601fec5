import "./views.css";
import { t } from "../../texts/language.ts";
import { DONE_COUNT, DONE_NONE, DONE_TITLE, DONE_WAIT } from "../../texts/phone-views.ts";
import { place } from "../place.ts";
import { route } from "../route.ts";
import type { Recorded } from "../route-overlay.ts";
import { Correct } from "./Correct.tsx";
import { RecordedItem } from "./RecordedItem.tsx";
import { SetAside } from "./SetAside.tsx";
import { View } from "./View.tsx";

/** What the member recorded today, newest first, with what still waits to be sent. */
export function Done() {
  const { screen, id } = place.value;
  if (screen === "correct" && id) return <Correct key={id} visitId={id} />;
  const recorded = [...(route.value?.recorded_today ?? [])].sort(newestFirst);
  const standing = recorded.filter((one) => !one.struck).length;
  const waiting = recorded.filter((one) => one.waiting).length;
  return (
    <View>
      <header class="row row--apart">
        <h1>{t(DONE_TITLE)}</h1>
        <span class="row">
          {standing > 0 && <span class="quiet">{t(DONE_COUNT, { n: standing })}</span>}
          {waiting > 0 && <span class="badge badge--warn">{t(DONE_WAIT, { n: waiting })}</span>}
        </span>
      </header>
      <SetAside />
      {recorded.length === 0 && <p class="quiet">{t(DONE_NONE)}</p>}
      <ul class="plain recorded-list">
        {recorded.map((one) => (
          <RecordedItem key={one.id} recorded={one} />
        ))}
      </ul>
    </View>
  );
}

function newestFirst(one: Recorded, other: Recorded): number {
  return Date.parse(other.at) - Date.parse(one.at) || Number(one.struck) - Number(other.struck);
}
