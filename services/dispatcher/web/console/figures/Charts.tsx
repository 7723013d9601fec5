import { FIGURES, MEANING } from "../../texts/console-figures.ts";
import { t } from "../../texts/language.ts";
import { Chart } from "./Chart.tsx";
import { type Answer, onTimeShare, responseMinutes, waitedHours } from "./figures.ts";
import { minutes, number, percent } from "./numbers.ts";

/** The figures that people steer by most, each a small chart. */
export function Charts({ answer: { days, whole } }: { answer: Answer }) {
  const dates = days.map(({ day }) => day);
  return (
    <section aria-labelledby="figures-charts" class="figures__charts">
      <h2 id="figures-charts" class="visually-hidden">
        {t(FIGURES.charts)}
      </h2>
      <Chart
        what={t(MEANING.on_time.name)}
        whole={percent(onTimeShare(whole))}
        values={days.map(onTimeShare)}
        days={dates}
        top={1}
        written={percent}
      />
      <Chart
        what={t(MEANING.response.name)}
        whole={minutes(responseMinutes(whole))}
        values={days.map(responseMinutes)}
        days={dates}
        written={minutes}
      />
      <Chart
        what={t(MEANING.visits.name)}
        whole={number(whole.visits)}
        values={days.map(({ visits }) => visits)}
        days={dates}
        written={number}
      />
      <Chart
        what={t(MEANING.waiting.name)}
        whole={number(waitedHours(whole), 1)}
        values={days.map(waitedHours)}
        days={dates}
        written={(hours) => number(hours, 1)}
      />
      <Chart
        what={t(MEANING.seen.name)}
        whole={percent(whole.seen_share)}
        values={days.map(({ seen_share }) => seen_share)}
        days={dates}
        top={1}
        written={percent}
      />
      <Chart
        what={t(MEANING.travel.name)}
        whole={percent(whole.travel_share)}
        values={days.map(({ travel_share }) => travel_share)}
        days={dates}
        top={1}
        written={percent}
      />
    </section>
  );
}
