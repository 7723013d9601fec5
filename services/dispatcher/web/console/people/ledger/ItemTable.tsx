import { LEDGER } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import type { ItemCount } from "./ledger.ts";

/** How far each item is, over everybody. */
export function ItemTable({ counts }: { counts: readonly ItemCount[] }) {
  if (counts.length === 0) return null;
  return (
    <section class="stack" aria-label={t(LEDGER.items)}>
      <h3>{t(LEDGER.items)}</h3>
      <ul class="ledger__items">
        {counts.map(({ code, names, due, done, lacking }) => (
          <li key={code}>
            <strong>{named(names)}</strong>
            {due > 0 ? (
              <>
                <span class="ledger__bar-of">
                  <progress value={done} max={due} aria-label={named(names)} />
                  <span class="setup__number">{t(LEDGER.doneOf, { n: done, m: due })}</span>
                </span>
                <span class={lacking ? "ledger__warns" : "setup__quiet"}>
                  {lacking ? t(LEDGER.peopleLack, { n: lacking }) : t(LEDGER.nobodyLacksIt)}
                </span>
              </>
            ) : (
              <span class="setup__quiet">{t(LEDGER.notDue)}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
