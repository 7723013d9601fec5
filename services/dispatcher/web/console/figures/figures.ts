/** What the page of figures reckons out. */

import type { Schemas } from "../../api/client.ts";

export type Answer = Schemas["DistrictFiguresOut"];
export type DayFigures = Schemas["DayOut"];
export type Sums = Schemas["FiguresOut"];

/** As many as the API tells at once. */
export const MOST_DAYS = 92;
export const PRESETS = [7, 14, 31] as const;

const DAY_MS = 86_400_000;
const A_DAY = /^\d{4}-\d\d-\d\d$/;

/** Days of the district as the address and the API write them: `2026-11-22`. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** So many days up to `today`. */
export function daysUpTo(today: string, days: number): Range {
  return { from: shifted(today, 1 - days), to: today };
}

/** The range that an address names, else the last fourteen days. */
export function rangeOf(from: string | undefined, to: string | undefined, today: string): Range {
  const asked = { from: from ?? "", to: to ?? "" };
  return wrongWith(asked) === null ? asked : daysUpTo(today, 14);
}

/** What is wrong with days that somebody typed; null: nothing. */
export function wrongWith({ from, to }: Range): "notADay" | "turned" | "tooMany" | null {
  if (!isDay(from) || !isDay(to)) return "notADay";
  if (to < from) return "turned";
  return (Date.parse(to) - Date.parse(from)) / DAY_MS >= MOST_DAYS ? "tooMany" : null;
}

function isDay(written: string): boolean {
  return A_DAY.test(written) && !Number.isNaN(Date.parse(written)) && shifted(written, 0) === written;
}

/** The day so many days after that one; calendars alone count here, not clocks. */
function shifted(day: string, by: number): string {
  return new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);
}

/** How much of the completed was on time; null: nothing was completed. */
export function onTimeShare({ completed, on_time }: Sums): number | null {
  return completed ? on_time / completed : null;
}

export function closedOtherwise({ not_executable, cancelled, expired }: Sums): number {
  return not_executable + cancelled + expired;
}

export function waitedHours({ waiting }: Sums): number {
  return total(waiting.map(({ hours }) => hours));
}

export function alarmsRaised({ alarms }: Sums): number {
  return total(alarms.map(({ raised }) => raised));
}

export function responseMinutes({ response_s }: Sums): number | null {
  return response_s === null ? null : response_s / 60;
}

export function hoursOf({ begins, ends }: DayFigures): number {
  return (Date.parse(ends) - Date.parse(begins)) / 3_600_000;
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

export interface Spread {
  least: number;
  middle: number;
  most: number;
}

/** Of numbers of which there is one at least. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? 0;
  const half = (sorted.length - 1) / 2;
  return { least: at(0), middle: (at(Math.floor(half)) + at(Math.ceil(half))) / 2, most: at(sorted.length - 1) };
}
