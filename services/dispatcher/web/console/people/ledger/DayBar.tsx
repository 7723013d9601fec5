import { LEDGER } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { go } from "../../router.ts";
import { dayAfter } from "../follow-ups/start.ts";

/** Which day is shown, and that it can be printed. */
export function DayBar({ day, today }: { day: string; today: string }) {
  const show = (chosen: string) => chosen && go(chosen === today ? "/people/ledger" : `/people/ledger/${chosen}`);
  return (
    <div class="ledger__bar">
      <button type="button" class="button" onClick={() => show(dayAfter(day, -1))}>
        ← {t(LEDGER.before)}
      </button>
      <TextField label={t(LEDGER.day)} type="date" value={day} onText={show} />
      <button type="button" class="button" onClick={() => show(dayAfter(day, 1))}>
        {t(LEDGER.after)} →
      </button>
      <button type="button" class="button" disabled={day === today} onClick={() => show(today)}>
        {t(LEDGER.today)}
      </button>
      <span class="setup__gap" />
      <button type="button" class="button" onClick={() => globalThis.print()}>
        {t(LEDGER.print)}
      </button>
    </div>
  );
}
