import type { Schemas } from "../../../api/client.ts";
import { ONE } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { itemState } from "./grid.ts";

/** How an item of a ledger stands on a day, in figures and in words. */
export function ItemMark({ item, isToday }: { item: Schemas["ItemOfDay"] | undefined; isToday: boolean }) {
  if (!item) return null;
  const { due, done } = item;
  const state = itemState(item, isToday);
  if (state === "none")
    return (
      <span class="setup__quiet">
        <span aria-hidden="true">–</span>
        <span class="visually-hidden">{t(ONE.notDue)}</span>
      </span>
    );
  return (
    <span class={`days__count days__count--${state}`}>
      {state === "extra" ? t(ONE.doneTimes, { n: done }) : t(ONE.doneOf, { n: done, m: due })}
      {(state === "missing" || state === "lacking") && <span class="visually-hidden"> {t(ONE.lacks)}</span>}
    </span>
  );
}
