/** What the days of a plan hold, as people meet them. */

import type { Line } from "./lines.ts";

/** In the order of the clock: a time and what is due then, by code. */
export type Due = readonly { readonly time: string; readonly kinds: readonly string[] }[];

/** Days one after the other on which the same is due. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly due: Due;
}

const SHOWN = 7;

/** The first days of a plan and, where there are more, its last ones; days that are alike together. */
export function previewOf(lines: readonly Line[], days: number): Run[] {
  const runs: Run[] = [];
  for (let day = 1; day <= days; day++) {
    const due = dueOn(day, lines, days);
    const before = runs.at(-1);
    if (before && JSON.stringify(before.due) === JSON.stringify(due)) runs[runs.length - 1] = { ...before, to: day };
    else runs.push({ from: day, to: day, due });
  }
  return runs.length > SHOWN ? [...runs.slice(0, SHOWN - 1), ...runs.slice(-1)] : runs;
}

/** Whether a line is due on a day of a plan of that many days. */
export function isDueOn({ every, days: chosen }: Pick<Line, "every" | "days">, day: number, days: number): boolean {
  if (chosen) return chosen.some((one) => (one > 0 ? one : days + 1 + one) === day);
  return (day - 1) % every === 0;
}

function dueOn(day: number, lines: readonly Line[], days: number): Due {
  const byTime = new Map<string, string[]>();
  for (const line of lines) {
    if (!isDueOn(line, day, days)) continue;
    for (const time of line.times) {
      const kinds = byTime.get(time) ?? [];
      if (!kinds.includes(line.kind)) byTime.set(time, [...kinds, line.kind]);
    }
  }
  return [...byTime].sort(([a], [b]) => a.localeCompare(b)).map(([time, kinds]) => ({ time, kinds }));
}
