import { FIGURES } from "../../texts/console-figures.ts";
import { t } from "../../texts/language.ts";

interface ChartProps {
  what: string;
  /** The figure of all days together. */
  whole: string;
  /** One a day; null: nothing to count. */
  values: readonly (number | null)[];
  days: readonly string[];
  /** What stands at the top of the chart; the highest value where none is given. */
  top?: number;
  written: (value: number) => string;
}

const HEIGHT = 40;
const STEP = 10;
const BAR = 7;

/** Bars, one a day, under their name and the figure of all days; the same in words for who cannot see them. */
export function Chart({ what, whole, values, days, top, written }: ChartProps) {
  const known = values.filter((value): value is number => value !== null);
  const most = Math.max(...known, 0);
  const scale = HEIGHT / (top ?? (most || 1));
  const said = known.length
    ? t(FIGURES.chart, {
        what,
        from: days[0] ?? "",
        to: days[days.length - 1] ?? "",
        least: written(Math.min(...known)),
        most: written(most),
      })
    : t(FIGURES.emptyChart, { what });
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart__what">{what}</span>
        <strong class="chart__whole">{whole}</strong>
      </figcaption>
      <svg
        class="chart__bars"
        viewBox={`0 0 ${values.length * STEP} ${HEIGHT + 2}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={said}
      >
        <rect class="chart__ground" x="0" y={HEIGHT + 1} width={values.length * STEP} height="1" />
        {values.map((value, index) => {
          if (value === null) return null;
          const height = Math.max(value * scale, 1);
          return (
            <rect
              key={days[index]}
              class={index === values.length - 1 ? "chart__bar chart__bar--last" : "chart__bar"}
              x={index * STEP + (STEP - BAR) / 2}
              y={HEIGHT - height}
              width={BAR}
              height={height}
            />
          );
        })}
      </svg>
    </figure>
  );
}
