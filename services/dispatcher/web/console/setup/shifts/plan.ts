/** Shifts that are planned and not saved yet: drawn by hand, by a pattern, or copied from the week before. */

import { Refused, type Schemas } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { momentOf } from "../../zone.ts";
import { addDays, type Day, instant, moved, overlap } from "./week.ts";

export type Shift = Schemas["services__dispatcher__payloads__shifts__ShiftOut"];

export interface Break {
  readonly earliest: string;
  readonly latest: string;
  readonly duration_s: number;
}

export interface Draft {
  readonly id: string;
  readonly team_id: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly break: Break | null;
  /** What the API said against it. */
  readonly wrong?: string;
}

/** Wall-clock times, `08:00`; an end that is not after the start is on the next day. */
export interface Hours {
  readonly from: string;
  readonly until: string;
}

export type Pattern = "turns" | "standby" | "own";

const THIRDS: readonly Hours[] = [
  { from: "00:00", until: "08:00" },
  { from: "08:00", until: "16:00" },
  { from: "16:00", until: "00:00" },
];
const BREAK_S = 1800;
const BREAK_WINDOW_MS = 7_200_000;

export interface PlanOf {
  readonly teams: readonly string[];
  readonly days: readonly Day[];
  readonly pattern: Pattern;
  readonly own: Hours;
  readonly withBreak: boolean;
  readonly timeZone: string;
  /** The district's break; null: it has none. */
  readonly usual: UsualBreak | null;
}

/** The district's settings of a break that nobody says otherwise: how long, from how long after the start, within how long. */
export interface UsualBreak {
  readonly lastsS: number;
  readonly afterS: number;
  readonly windowS: number;
}

export function usualOf(settings: Readonly<Record<string, number | null>>): UsualBreak | null {
  const { break_s: lastsS, break_after_s: afterS, break_window_s: windowS } = settings;
  return lastsS ? { lastsS, afterS: afterS ?? 0, windowS: windowS ?? 0 } : null;
}

/** The shifts of a pattern: for each day and team in their order. */
export function planned(plan: PlanOf): Draft[] {
  return plan.days.flatMap((day) =>
    plan.teams.flatMap((team_id, place) => hoursOf(plan, place).map((hours) => draftOn(team_id, day, hours, plan))),
  );
}

function hoursOf({ pattern, own }: PlanOf, place: number): readonly Hours[] {
  if (pattern === "own") return [own];
  return pattern === "standby" ? THIRDS : THIRDS.slice(place % 3, (place % 3) + 1);
}

function draftOn(team_id: string, day: Day, { from, until }: Hours, { withBreak, timeZone, usual }: PlanOf): Draft {
  const starts = momentOf(`${day}T${from}`, timeZone);
  const ends = momentOf(`${until > from ? day : addDays(day, 1)}T${until}`, timeZone);
  return {
    id: newId(),
    team_id,
    starts_at: instant(starts),
    ends_at: instant(ends),
    break: withBreak ? breakIn(starts, ends, usual) : null,
  };
}

/** The district's break where it has one, else one about the middle; none in a shift too short for it. */
export function breakIn(starts: number, ends: number, usual: UsualBreak | null): Break | null {
  if (!usual) return middleBreak(starts, ends);
  const earliest = starts + usual.afterS * 1000;
  const last = ends - usual.lastsS * 1000;
  if (earliest > last) return null;
  const latest = Math.min(earliest + usual.windowS * 1000, last);
  return { earliest: instant(earliest), latest: instant(latest), duration_s: usual.lastsS };
}

/** Half an hour that begins within two hours about the middle; none in a shift too short for that. */
export function middleBreak(starts: number, ends: number): Break | null {
  const earliest = (starts + ends) / 2 - BREAK_WINDOW_MS / 2;
  const latest = earliest + BREAK_WINDOW_MS;
  if (earliest < starts || latest + BREAK_S * 1000 > ends) return null;
  return { earliest: instant(earliest), latest: instant(latest), duration_s: BREAK_S };
}

/** The same shifts a week later by the clock, breaks too. */
export function copied(shifts: readonly Shift[], timeZone: string): Draft[] {
  const later = (at: string) => instant(moved(at, 7, timeZone));
  return shifts.map((shift) => ({
    id: newId(),
    team_id: shift.team_id,
    starts_at: later(shift.starts_at),
    ends_at: later(shift.ends_at),
    break: shift.break && {
      earliest: later(shift.break.earliest),
      latest: later(shift.break.latest),
      duration_s: shift.break.duration_s,
    },
  }));
}

interface Spanned {
  readonly team_id: string;
  readonly starts_at: string;
  readonly ends_at: string;
}

/** Those of `drafts` that overlap nothing known. */
export function fitting(drafts: readonly Draft[], known: readonly Spanned[]): Draft[] {
  return drafts.filter(
    (draft) => !known.some((other) => other.team_id === draft.team_id && overlap(span(draft), span(other))),
  );
}

function span({ starts_at, ends_at }: Spanned): { from: number; until: number } {
  return { from: Date.parse(starts_at), until: Date.parse(ends_at) };
}

/** The drafts with what the API said against each; undefined where it said nothing of any draft. */
export function refused(
  drafts: readonly Draft[],
  error: unknown,
  inWords: (loc: string, msg: string) => string,
): Draft[] | undefined {
  if (!(error instanceof Refused)) return undefined;
  const wrong = new Map<number, string>();
  for (const { loc, msg } of error.problem.errors) {
    const index = drafts.length === 1 ? 0 : Number.parseInt(loc, 10);
    if (index >= 0 && index < drafts.length) wrong.set(index, inWords(loc, msg));
  }
  if (wrong.size === 0 && drafts.length === 1) wrong.set(0, error.message);
  if (wrong.size === 0) return undefined;
  return drafts.map(({ wrong: _, ...draft }, index) => {
    const said = wrong.get(index);
    return said ? { ...draft, wrong: said } : draft;
  });
}
