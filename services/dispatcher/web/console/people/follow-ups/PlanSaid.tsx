import type { Schemas } from "../../../api/client.ts";
import { START } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import { lineSaid } from "../../setup/protocols/lines.ts";

/** What a plan has due, a line each in plain words. */
export function PlanSaid({ lines }: { lines: readonly Schemas["LineOut"][] }) {
  return (
    <ul class="people__said" aria-label={t(START.whatIsDue)}>
      {lines.map((line) => (
        <li key={`${line.kind} ${line.times.join()} ${line.days?.join() ?? line.every}`}>
          {lineSaid(line, () => named(line.names))}
        </li>
      ))}
    </ul>
  );
}
