/** The lines of a plan: as they are typed, as they are sent, and in plain words. */

import { LINE } from "../../../texts/console-follow-ups.ts";
import { language, t } from "../../../texts/language.ts";

/** One kind at some times (`08:00`) of every `every`-th day, or of chosen days, where 1 is the first and -1 the last. */
export interface Line {
  readonly kind: string;
  readonly times: readonly string[];
  readonly every: number;
  readonly days: readonly number[] | null;
}

export type How = "daily" | "every" | "chosen";

/** A line as it is being typed. `key` tells it from the others while lines come and go. */
export interface LineDraft {
  readonly key: number;
  readonly kind: string;
  readonly times: string;
  readonly how: How;
  readonly every: string;
  readonly days: string;
}

export type WrongPart = "kind" | "times" | "every" | "days";

export interface LineRead {
  readonly line: Line | undefined;
  readonly wrong: readonly WrongPart[];
}

export const MOST_DAYS = 366;
const MOST_TIMES = 24;
let keys = 0;

function nextKey(): number {
  keys += 1;
  return keys;
}

export function newLine(): LineDraft {
  return { key: nextKey(), kind: "", times: "08:00", how: "daily", every: "2", days: "" };
}

export function draftsOf(lines: readonly Line[]): LineDraft[] {
  return lines.map(({ kind, times, every, days }) => ({
    key: nextKey(),
    kind,
    times: times.join(", "),
    how: days ? "chosen" : every > 1 ? "every" : "daily",
    every: String(every > 1 ? every : 2),
    days: (days ?? []).join(", "),
  }));
}

/** What a draft says, or which of its parts say nothing that counts. */
export function readLine(draft: LineDraft): LineRead {
  const times = readTimes(draft.times);
  const every = draft.how === "every" ? wholeNumber(draft.every) : 1;
  const days = draft.how === "chosen" ? readDays(draft.days) : null;
  const wrong: WrongPart[] = [];
  if (!draft.kind) wrong.push("kind");
  if (!times) wrong.push("times");
  if (every === undefined || every < 1 || every > MOST_DAYS) wrong.push("every");
  if (days === undefined) wrong.push("days");
  if (wrong.length || !times || every === undefined || days === undefined) return { line: undefined, wrong };
  return { line: { kind: draft.kind, times, every, days }, wrong };
}

/** `8, 16:30` are 08:00 and 16:30, each once and in order; undefined where something is no time. */
export function readTimes(text: string): string[] | undefined {
  const found = parts(text).map((part) => /^(\d{1,2})(?::(\d\d))?$/.exec(part.replace("：", ":")));
  const times = found.map((one) => {
    const [hour, minute] = [Number(one?.[1] ?? 24), Number(one?.[2] ?? 0)];
    return hour < 24 && minute < 60 ? `${padded(hour)}:${padded(minute)}` : "";
  });
  if (times.length === 0 || times.length > MOST_TIMES || times.includes("")) return undefined;
  return [...new Set(times)].sort();
}

/** `1, 4, -1`, each once; undefined where something is no day. */
export function readDays(text: string): number[] | undefined {
  const days = parts(text).map((part) => wholeNumber(part.replace(/^[−–]/, "-")));
  if (days.length === 0 || days.length > MOST_DAYS) return undefined;
  const known = days.filter((day) => day !== undefined && day !== 0 && Math.abs(day) <= MOST_DAYS);
  return known.length === days.length ? [...new Set(known as number[])] : undefined;
}

function parts(text: string): string[] {
  return text.split(/[\s,，、;；]+/).filter(Boolean);
}

function wholeNumber(text: string): number | undefined {
  return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
}

function padded(number: number): string {
  return String(number).padStart(2, "0");
}

/** `Temperature check: every day at 08:00 and 16:00`. */
export function lineSaid(line: Line, kindName: (code: string) => string): string {
  const times = language.value === "zh" ? line.times.join("、") : together(line.times);
  return t(LINE.said, { kind: kindName(line.kind), days: daysSaid(line), times });
}

/** `every day`, `every 3 days`, `on the first day, day 4 and the last day`. */
export function daysSaid({ every, days }: Pick<Line, "every" | "days">): string {
  if (days) return t(LINE.saidOn, { days: together(inOrder(days).map(dayWord)) });
  if (every === 1) return t(LINE.saidDaily);
  return every === 2 ? t(LINE.saidSecond) : t(LINE.saidEvery, { n: every });
}

/** Those counted from the end come last. */
function inOrder(days: readonly number[]): number[] {
  return [...days].sort((a, b) => Number(a < 0) - Number(b < 0) || a - b);
}

function dayWord(day: number): string {
  if (day === 1) return t(LINE.firstDay);
  if (day === -1) return t(LINE.lastDay);
  return day > 0 ? t(LINE.dayN, { n: day }) : t(LINE.fromEnd, { n: -day });
}

function together(words: readonly string[]): string {
  const comma = language.value === "zh" ? "、" : ", ";
  if (words.length < 2) return words.join("");
  return words.slice(0, -1).join(comma) + t(LINE.and) + (words.at(-1) ?? "");
}
