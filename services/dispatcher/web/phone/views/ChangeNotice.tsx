import { useEffect } from "preact/hooks";
import { language, t } from "../../texts/language.ts";
import {
  CHANGE_AWAY,
  CHANGE_DONE,
  CHANGE_MORE,
  CHANGE_NEW,
  CHANGE_ORDER,
  CHANGED,
  GOT_IT,
  MOVED_AWAY_MARK,
  NEW_MARK,
} from "../../texts/phone-views.ts";
import { COLON } from "../../texts/ui.ts";
import { draft, keepDraft } from "../drafts.ts";
import { acknowledgeChanges, changes, route } from "../route.ts";
import type { Stop } from "../route-overlay.ts";
import { type Doors, doorsOf, grouped, remembered } from "./changed.ts";
import { allNamed } from "./naming.ts";

const KEY = "doors";
/** More are counted: the next door must stay in sight. */
const MOST_NAMED = 4;

/** What changed since the member last looked, with the doors by name, until they say that they read it. */
export function ChangeNotice() {
  const change = changes.value;
  const stops = route.value?.stops;
  useRememberedDoors(stops, change?.moved_away);
  if (!change) return null;
  const doors = { ...draft<Doors>(KEY), ...doorsOf(stops ?? []) };
  const added = grouped(change.added, doors);
  const away = grouped(change.moved_away, doors);
  const done = grouped(change.done_by_team, doors);
  const said = [
    added.length && t(CHANGE_NEW, { n: added.length }),
    away.length && t(CHANGE_AWAY, { n: away.length }),
    done.length && t(CHANGE_DONE, { n: done.length }),
    change.reordered && t(CHANGE_ORDER),
  ].filter(Boolean);
  const changed = [...away.map((door) => ({ door, away: true })), ...added.map((door) => ({ door, away: false }))];
  const shown = changed.slice(0, MOST_NAMED);
  return (
    <section class="notice notice--info change" role="status" aria-label={t(CHANGED)}>
      <h2 class="change__title">
        {t(CHANGED)}
        {t(COLON)}
        {said.join(language.value === "zh" ? "，" : ", ")}
      </h2>
      <ul class="plain change__list">
        {shown.map(({ door, away }) => (
          <li key={door.key}>
            <strong>{t(away ? MOVED_AWAY_MARK : NEW_MARK)}</strong>{" "}
            {away ? <s>{door.address || allNamed(door.names)}</s> : door.address || allNamed(door.names)}
          </li>
        ))}
        {changed.length > shown.length && <li>{t(CHANGE_MORE, { n: changed.length - shown.length })}</li>}
      </ul>
      <button type="button" class="button button--primary" onClick={() => void acknowledgeChanges()}>
        {t(GOT_IT)}
      </button>
    </section>
  );
}

/** Doors that moved away are on no route any more: their names are kept from when they were. */
function useRememberedDoors(stops: readonly Stop[] | undefined, away: readonly string[] | undefined): void {
  useEffect(() => {
    if (stops) keepDraft(KEY, remembered(draft<Doors>(KEY) ?? {}, stops, away ?? []));
  }, [stops, away]);
}
