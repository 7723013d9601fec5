/** A follow-up day by day: what was and is due at which time, and its ledger. */

import type { Schemas } from "../../../api/client.ts";
import { dayAfter } from "./start.ts";

export type Occurrence = Schemas["OccurrenceOut"];
export type LedgerDay = Schemas["LedgerDay"];

/** A kind with the times at which it is or was due. */
export interface Group {
  readonly kind: string;
  readonly names: Readonly<Record<string, string>>;
  readonly times: readonly string[];
}

export interface Row {
  readonly day: number;
  readonly onDay: string;
  /** In the order of the groups' times; undefined: nothing due then. */
  readonly cells: readonly (Occurrence | undefined)[];
  /** undefined: the day is still to come. */
  readonly ledger: LedgerDay | undefined;
}

interface Plan {
  readonly first_day: string;
  readonly days: number;
  readonly occurrences: readonly Occurrence[];
  readonly ledger_days: readonly LedgerDay[];
}

/** The kinds by their earliest time, each with its times. */
export function groupsOf(occurrences: readonly Occurrence[]): Group[] {
  const groups = new Map<string, { kind: string; names: Group["names"]; times: Set<string> }>();
  for (const { kind, names, time } of occurrences) {
    const group = groups.get(kind) ?? { kind, names, times: new Set<string>() };
    group.times.add(time);
    groups.set(kind, group);
  }
  return [...groups.values()]
    .map(({ times, ...group }) => ({ ...group, times: [...times].sort() }))
    .sort((a, b) => (a.times[0] ?? "").localeCompare(b.times[0] ?? "") || a.kind.localeCompare(b.kind));
}

/** A row for each day of the plan, and for days that a change cut off but that hold something. */
export function rowsOf(plan: Plan, groups: readonly Group[]): Row[] {
  const found = new Map(plan.occurrences.map((one) => [keyOf(one.day, one.kind, one.time), one]));
  const ledgers = new Map(plan.ledger_days.map((one) => [one.day, one]));
  const days = Math.max(plan.days, ...plan.occurrences.map(({ day }) => day));
  return Array.from({ length: days }, (_, index) => {
    const day = index + 1;
    return {
      day,
      onDay: dayAfter(plan.first_day, index),
      cells: groups.flatMap(({ kind, times }) => times.map((time) => found.get(keyOf(day, kind, time)))),
      ledger: ledgers.get(day),
    };
  });
}

function keyOf(day: number, kind: string, time: string): string {
  return `${day} ${kind} ${time}`;
}

export type ItemState = "done" | "lacking" | "missing" | "none" | "extra";

/** How an item stands: `lacking` while its day lasts, `missing` once it is over; `extra`: done although not due. */
export function itemState({ due, done }: { due: number; done: number }, isToday: boolean): ItemState {
  if (due === 0) return done > 0 ? "extra" : "none";
  if (done >= due) return "done";
  return isToday ? "lacking" : "missing";
}
