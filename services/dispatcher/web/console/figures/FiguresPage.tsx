import "./figures.css";
import { answered, api } from "../../api/client.ts";
import { FIGURES, MEANING } from "../../texts/console-figures.ts";
import { t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { clock } from "../../ui/time.ts";
import { type District, district } from "../model.ts";
import { useAsked } from "../setup/asked.ts";
import { wallClock } from "../zone.ts";
import { Charts } from "./Charts.tsx";
import { Alarms, Waiting } from "./Counts.tsx";
import { DayTable } from "./DayTable.tsx";
import { Downloads } from "./Downloads.tsx";
import { Fairness } from "./Fairness.tsx";
import { type Answer, type Range, rangeOf } from "./figures.ts";
import { RangeBar } from "./RangeBar.tsx";

/** `/v1/districts/{id}/figures` also answers tables, which are downloaded elsewhere. */
type Asked = Promise<{ data?: Answer; error?: unknown; response: Response }>;

function load(id: string, range: Range): Promise<Answer> {
  const params = { path: { id }, query: { from: range.from, to: range.to } };
  return answered(api.GET("/v1/districts/{id}/figures", { params }) as Asked);
}

/** The numbers by which a district is steered; `from` and `to` are what the address says. */
export function FiguresPage({ from, to }: { from: string | undefined; to: string | undefined }) {
  const here = district.value;
  return here ? <Figures key={here.id} district={here} from={from} to={to} /> : null;
}

interface FiguresProps {
  district: District;
  from: string | undefined;
  to: string | undefined;
}

function Figures({ district, from, to }: FiguresProps) {
  const today = wallClock(Date.now(), district.time_zone).slice(0, 10);
  const range = rangeOf(from, to, today);
  const asked = useAsked(() => load(district.id, range), [district.id, range.from, range.to]);
  const answer = asked.value;
  return (
    <div class="figures">
      <header class="figures__head">
        <h1>{t(FIGURES.title)}</h1>
        <p class="figures__quiet" role="status">
          {answer ? t(FIGURES.asOf, { time: clock(answer.at, answer.time_zone) }) : !asked.error && t(FIGURES.counting)}
        </p>
        <button type="button" class="button button--quiet" onClick={asked.again}>
          {t(FIGURES.refresh)}
        </button>
      </header>
      <RangeBar range={range} today={today} />
      {asked.error ? <ProblemNote error={asked.error} /> : null}
      {answer && (
        <>
          <Charts answer={answer} />
          <DayTable answer={answer} />
          <div class="figures__pair">
            <Waiting of={answer.whole} />
            <Alarms of={answer.whole} />
          </div>
          <Fairness answer={answer} />
        </>
      )}
      <Downloads district={district} range={range} />
      <Meanings />
    </div>
  );
}

function Meanings() {
  return (
    <details class="figures__meanings">
      <summary>{t(FIGURES.meaning)}</summary>
      <dl>
        {Object.values(MEANING).map(({ name, means }) => (
          <div key={name.en}>
            <dt>{t(name)}</dt>
            <dd>{t(means)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
