/** What the screens ask of a route: pure, by the server's time. */

import type { Stop, Task } from "../route-overlay.ts";

/** A task due within this is about to be due. */
const SOON_MS = 30 * 60_000;
/** Minutes and seconds are counted down below this, minutes above. */
const CLOSE_MS = 10 * 60_000;

export type Pressure = "late" | "soon" | "calm";

export interface Countdown {
  readonly pressure: Pressure;
  /** To the due time, negative once it is past. */
  readonly leftMs: number;
  /** `9:05` in the last minutes before, else null. */
  readonly ticking: string | null;
}

export function countdown(dueAt: string, now: number): Countdown {
  const leftMs = Date.parse(dueAt) - now;
  const seconds = Math.floor(leftMs / 1000);
  const ticking =
    leftMs >= 0 && leftMs < CLOSE_MS ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : null;
  return { pressure: leftMs < 0 ? "late" : leftMs < SOON_MS ? "soon" : "calm", leftMs, ticking };
}

/** The stop to go to now: one that the team is under way to, else the first. */
export function nextStop(stops: readonly Stop[]): Stop | undefined {
  const open = stops.filter((stop) => stop.break || stop.tasks.length > 0);
  return open.find((stop) => stop.tasks.some((task) => task.under_way && !task.gone)) ?? open[0];
}

/** A call by phone; there is nowhere to go. */
export function isCall(stop: Stop): boolean {
  return stop.tasks.length > 0 && stop.tasks.every((task) => task.channel === "phone");
}

/** What must be done first at a door: the soonest due time, and the latest of the times before which it is too early. */
export function dueOf(stop: Stop): string | undefined {
  return stop.tasks.map((task) => task.due_at).sort(byTime)[0];
}

export function opensOf(stop: Stop, now: number): string | undefined {
  const opens = stop.tasks.map((task) => task.earliest).sort(byTime)[0];
  return opens !== undefined && Date.parse(opens) > now ? opens : undefined;
}

/** How late a stop is planned to begin, in milliseconds; 0 where it is in time. */
export function plannedLate(stop: Stop): number {
  return Math.max(0, ...stop.tasks.map((task) => Date.parse(task.begin_at) - Date.parse(task.due_at)));
}

/** Tasks of the next `limit` stops that nobody of the team has accepted, by their ids, door by door. */
export function acceptable(stops: readonly Stop[], limit: number): string[][] {
  const near = stops.filter((stop) => !stop.break && stop.tasks.length > 0).slice(0, limit);
  const doors = near.map((stop) => stop.tasks.filter(isFree)).filter((tasks) => tasks.length > 0);
  return doors.map((tasks) => tasks.map((task) => task.id));
}

function isFree(task: Task): boolean {
  return task.status === "assigned" && !task.accepted && !task.gone;
}

/** Whether the stop does not go to another team any more. */
export function isKept(stop: Stop): boolean {
  return stop.tasks.length > 0 && stop.tasks.every((task) => task.accepted || task.pinned || task.under_way);
}

/** What may be declined: nobody is under way to it. */
export function declinable(stop: Stop): Task[] {
  return stop.tasks.filter((task) => !task.under_way && !task.gone);
}

/** How far the team is with a stop. */
export function progressOf(stop: Stop): "ahead" | "departed" | "arrived" {
  if (stop.tasks.some((task) => task.arrived_at)) return "arrived";
  return stop.tasks.some((task) => task.departed_at) ? "departed" : "ahead";
}

export interface Person {
  readonly name: string;
  readonly phone: string;
  readonly flags: readonly { readonly name: string; readonly value: string }[];
}

/** The people of a stop, each once. A flag that is `false` says nothing. */
export function peopleOf(stop: Stop): Person[] {
  const people = new Map<string, Person>();
  for (const { subject } of stop.tasks)
    if (subject) people.set(`${subject.name} ${subject.phone}`, { ...subject, flags: flagsOf(subject.flags) });
  return [...people.values()];
}

function flagsOf(flags: Readonly<Record<string, unknown>>): Person["flags"] {
  return Object.entries(flags)
    .filter(([, value]) => value !== false && value !== null && value !== "")
    .map(([name, value]) => ({ name, value: value === true ? "" : String(value) }));
}

function byTime(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other);
}

export interface Numbered {
  readonly stop: Stop;
  readonly number: number | null;
}

/** Numbers as the list shows them: breaks have none. */
export function numbered(stops: readonly Stop[]): Numbered[] {
  let number = 0;
  return stops.map((stop) => {
    if (!stop.break) number += 1;
    return { stop, number: stop.break ? null : number };
  });
}
