import { FIGURES } from "../../texts/console-figures.ts";
import { type Text, t } from "../../texts/language.ts";
import { ALARM, WAITING } from "../../texts/words.ts";
import type { Sums } from "./figures.ts";
import { number } from "./numbers.ts";

/** Why tasks waited for a team, the longest first. */
export function Waiting({ of: { waiting } }: { of: Sums }) {
  if (waiting.length === 0) return <Quiet heading={FIGURES.waiting} text={FIGURES.nothingWaited} />;
  return (
    <Counts
      heading={FIGURES.waiting}
      columns={[FIGURES.reason, FIGURES.tasks, FIGURES.waited]}
      rows={waiting
        .toSorted((a, b) => b.hours - a.hours)
        .map(({ reason, tasks, hours }) => [t(WAITING[reason]), number(tasks), number(hours, 1)])}
    />
  );
}

/** What alarms were about, the most frequent first. */
export function Alarms({ of: { alarms } }: { of: Sums }) {
  if (alarms.length === 0) return <Quiet heading={FIGURES.alarms} text={FIGURES.noAlarms} />;
  return (
    <Counts
      heading={FIGURES.alarms}
      columns={[FIGURES.about, FIGURES.raised]}
      rows={alarms.toSorted((a, b) => b.raised - a.raised).map(({ what, raised }) => [t(ALARM[what]), number(raised)])}
    />
  );
}

function Quiet({ heading, text }: { heading: Text; text: Text }) {
  return (
    <section class="stack">
      <h2>{t(heading)}</h2>
      <p class="figures__quiet">{t(text)}</p>
    </section>
  );
}

interface CountsProps {
  heading: Text;
  columns: readonly Text[];
  rows: readonly (readonly string[])[];
}

function Counts({ heading, columns, rows }: CountsProps) {
  return (
    <section class="stack">
      <h2>{t(heading)}</h2>
      <table class="figures__table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.en} scope="col">
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, ...counts]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              {counts.map((count, index) => (
                <td key={columns[index + 1]?.en}>{count}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
