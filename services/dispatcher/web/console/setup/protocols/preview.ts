/** What the days of a plan hold, as people meet them. */

import type { Line } from "./lines.ts";

export interface PreviewDay {
  readonly day: number;
  /** In the order of the clock: a time and what is due then, by code. */
  readonly due: readonly { readonly time: string; readonly kinds: readonly string[] }[];
}

const FIRST = 7;

/** The first days of a plan and, where there are more, its last one. */
export function previewOf(lines: readonly Line[], days: number): PreviewDay[] {
  const shown = Array.from({ length: Math.min(days, FIRST) }, (_, index) => index + 1);
  if (days > FIRST) shown.push(days);
  return shown.map((day) => ({ day, due: dueOn(day, lines, days) }));
}

/** Whether a line is due on a day of a plan of that many days. */
export function isDueOn({ every, days: chosen }: Pick<Line, "every" | "days">, day: number, days: number): boolean {
  if (chosen) return chosen.some((one) => (one > 0 ? one : days + 1 + one) === day);
  return (day - 1) % every === 0;
}

function dueOn(day: number, lines: readonly Line[], days: number): PreviewDay["due"] {
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
