import { FIGURES, MEANING } from "../../texts/console-figures.ts";
import { type Text, t } from "../../texts/language.ts";
import { day as dayShown } from "../../ui/time.ts";
import {
  type Answer,
  alarmsRaised,
  closedOtherwise,
  hoursOf,
  onTimeShare,
  responseMinutes,
  type Sums,
  waitedHours,
} from "./figures.ts";
import { minutes, number, percent } from "./numbers.ts";

interface Column {
  name: Text;
  shown: (sums: Sums) => string;
}

const COLUMNS: readonly Column[] = [
  { name: MEANING.posted.name, shown: ({ posted }) => number(posted) },
  { name: MEANING.completed.name, shown: ({ completed }) => number(completed) },
  { name: MEANING.on_time.name, shown: (sums) => percent(onTimeShare(sums)) },
  { name: MEANING.late.name, shown: ({ late }) => number(late) },
  { name: MEANING.became_overdue.name, shown: ({ became_overdue }) => number(became_overdue) },
  { name: MEANING.closed.name, shown: (sums) => number(closedOtherwise(sums)) },
  { name: MEANING.waiting.name, shown: (sums) => number(waitedHours(sums), 1) },
  { name: MEANING.response.name, shown: (sums) => minutes(responseMinutes(sums)) },
  { name: MEANING.visits.name, shown: ({ visits }) => number(visits) },
  { name: MEANING.travel.name, shown: ({ travel_share }) => percent(travel_share) },
  { name: MEANING.seen.name, shown: ({ seen_share }) => percent(seen_share) },
  { name: MEANING.missed.name, shown: ({ occurrences_missed }) => number(occurrences_missed) },
  { name: MEANING.alarms.name, shown: (sums) => number(alarmsRaised(sums)) },
];

/** A row a day, the last day first, and one of all days. */
export function DayTable({ answer: { at, days, whole } }: { answer: Answer }) {
  return (
    <section class="stack">
      <h2 id="figures-days">{t(FIGURES.byDay)}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keyboard too */}
      <div class="figures__scroll" role="region" aria-labelledby="figures-days" tabIndex={0}>
        <table class="figures__table">
          <thead>
            <tr>
              <th scope="col">{t(FIGURES.day)}</th>
              {COLUMNS.map(({ name }) => (
                <th key={name.en} scope="col">
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map((one) => (
              <tr key={one.day}>
                <th scope="row">
                  <time dateTime={one.day}>{dayShown(`${one.day}T00:00:00Z`, "UTC")}</time>
                  {hoursOf(one) !== 24 && (
                    <span class="figures__note">{t(FIGURES.hours, { n: number(hoursOf(one)) })}</span>
                  )}
                  {one.begins <= at && at < one.ends && <span class="figures__note">{t(FIGURES.today)}</span>}
                </th>
                <Cells of={one} />
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t(FIGURES.whole)}</th>
              <Cells of={whole} />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function Cells({ of }: { of: Sums }) {
  return (
    <>
      {COLUMNS.map(({ name, shown }) => (
        <td key={name.en}>{shown(of)}</td>
      ))}
    </>
  );
}
