import { t } from "../../texts/language.ts";
import { FROM_BEFORE, FROM_BEFORE_NOTE } from "../../texts/phone-handover.ts";
import type { Task } from "../route-overlay.ts";
import { fromBefore } from "./ending.ts";
import { atDay } from "./naming.ts";

/** From which team the task came at the end of its shift, and what it said. */
export function FromBefore({ task }: { task: Task }) {
  const came = fromBefore(task);
  if (came.length === 0) return null;
  return (
    <ul class="plain from-before">
      {came.map(({ from_team, at, note }) => (
        <li key={at}>
          <span class="quiet">{t(note ? FROM_BEFORE_NOTE : FROM_BEFORE, { team: from_team, time: atDay(at) })}</span>
          {note && <span class="said">{note}</span>}
        </li>
      ))}
    </ul>
  );
}
