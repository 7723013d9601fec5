/** Times as people read them, in a district's time zone. */

import { language, t } from "../texts/language.ts";
import { DAYS_HOURS, HOURS, HOURS_MINUTES, IN_TIME, LATE_BY, MINUTES } from "../texts/ui.ts";

const LOCALES = { en: "en-GB", zh: "zh-CN" } as const;

/** `18:05`. */
export function clock(at: string | Date, timeZone: string): string {
  return format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
}

/** `Mon 23 Nov`. */
export function day(at: string | Date, timeZone: string): string {
  return format(at, { weekday: "short", day: "numeric", month: "short", timeZone });
}

/** The clock, with the day where it is another one than `now`'s. */
export function dayAndClock(at: string | Date, timeZone: string, now: Date): string {
  return day(at, timeZone) === day(now, timeZone) ? clock(at, timeZone) : `${day(at, timeZone)} ${clock(at, timeZone)}`;
}

/** A length of time in words, to the minute: `25 min`, `1 h 10 min`, `2 d 3 h`. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return t(DAYS_HOURS, { d: Math.floor(hours / 24), h: hours % 24 });
  if (hours && minutes % 60 === 0) return t(HOURS, { h: hours });
  return hours ? t(HOURS_MINUTES, { h: hours, n: minutes % 60 }) : t(MINUTES, { n: minutes });
}

/** `in 25 min`, or `10 min late` once it is past. */
export function untilDue(dueAt: string, now: Date): string {
  const left = new Date(dueAt).getTime() - now.getTime();
  return t(left < 0 ? LATE_BY : IN_TIME, { time: span(left) });
}

/** Making one costs a hundred times what using it does, and a list of tasks has many times. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(at: string | Date, options: Intl.DateTimeFormatOptions): string {
  const key = `${language.value} ${options.timeZone} ${Object.keys(options)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(LOCALES[language.value], options);
  formatters.set(key, known);
  return known.format(new Date(at));
}
