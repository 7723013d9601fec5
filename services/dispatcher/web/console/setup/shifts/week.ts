/** A week of a district as seven columns, in its time zone. A day may last 23 or 25 hours: its column is as wide all the same. */

import { momentOf, wallClock } from "../../zone.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A date without a time, such as `2026-03-29`. */
export type Day = string;

export interface Week {
  readonly timeZone: string;
  /** Monday to Sunday. */
  readonly days: readonly Day[];
  /** Where each day begins and the last one ends: eight moments, in milliseconds since 1970. */
  readonly bounds: readonly number[];
}

/** Where a span lies in a week: columns from its left edge, cut at both ends. */
export interface Place {
  from: number;
  until: number;
  beganBefore: boolean;
  goesOn: boolean;
}

export function dayOf(at: number | string | Date, timeZone: string): Day {
  return wallClock(at, timeZone).slice(0, 10);
}

export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** The week, Monday first, in which that day lies. */
export function weekOf(day: Day, timeZone: string): Week {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const days = Array.from({ length: 7 }, (_, place) => addDays(day, place - weekday));
  const bounds = Array.from({ length: 8 }, (_, place) => momentOf(`${addDays(day, place - weekday)}T00:00`, timeZone));
  return { timeZone, days, bounds };
}

export function firstDay(week: Week): Day {
  return week.days[0] as Day;
}

/** The week's beginning and end as the API reads them. */
export function spanOf(week: Week): { since: string; until: string } {
  return { since: instant(week.bounds[0] as number), until: instant(week.bounds[7] as number) };
}

export function instant(at: number): string {
  return new Date(at).toISOString();
}

/** Where a span is drawn; null outside the week. */
export function placeIn(week: Week, startsAt: string | number, endsAt: string | number): Place | null {
  const [first, last] = [week.bounds[0] as number, week.bounds[7] as number];
  const [from, until] = [new Date(startsAt).getTime(), new Date(endsAt).getTime()];
  if (until <= first || from >= last || until <= from) return null;
  return { from: columnAt(week, from), until: columnAt(week, until), beganBefore: from < first, goesOn: until > last };
}

/** A moment as columns from the left edge, from 0 to 7. */
export function columnAt(week: Week, at: number): number {
  if (at >= (week.bounds[7] as number)) return 7;
  const day = Math.max(
    0,
    week.bounds.findLastIndex((bound) => bound <= at),
  );
  const [begins, ends] = [week.bounds[day] as number, week.bounds[day + 1] as number];
  return day + Math.max(0, at - begins) / (ends - begins);
}

/** The moment at so many columns from the left edge, rounded to so many minutes. */
export function momentAt(week: Week, column: number, roundMinutes: number): number {
  const day = Math.min(6, Math.max(0, Math.floor(column)));
  const [begins, ends] = [week.bounds[day] as number, week.bounds[day + 1] as number];
  const step = roundMinutes * MINUTE_MS;
  const within = Math.round(((column - day) * (ends - begins)) / step) * step;
  return Math.min(ends, Math.max(begins, begins + within));
}

/** The same times by the clock some days later: 08:00 stays 08:00 whatever the clocks do between. */
export function moved(at: string | number, days: number, timeZone: string): number {
  const [day, clock] = wallClock(at, timeZone).split("T") as [Day, string];
  return momentOf(`${addDays(day, days)}T${clock}`, timeZone);
}

/** Whether two spans have a moment in common. */
export function overlap(a: { from: number; until: number }, b: { from: number; until: number }): boolean {
  return a.from < b.until && b.from < a.until;
}
