/** Which tasks the list and the map show, and in which order. */

import type { TaskPoint } from "../model.ts";

/** `planned_late`: not overdue yet, but its team's plan begins it after it is due. */
export type Due = "overdue" | "soon" | "planned_late";

export interface Filter {
  readonly status: string | null;
  readonly kind: string | null;
  readonly grid: string | null;
  readonly team: string | null;
  readonly reason: string | null;
  readonly due: Due | null;
  /** What is searched for, and the open tasks that the dispatcher found for it; null: nothing is, or it has not answered yet. */
  readonly text: string;
  readonly found: ReadonlySet<string> | null;
}

export const NO_FILTER: Filter = {
  status: null,
  kind: null,
  grid: null,
  team: null,
  reason: null,
  due: null,
  text: "",
  found: null,
};

/** The moment that is looked at, and what counts as about to be due, in milliseconds. */
export interface Moment {
  readonly at: number;
  readonly soonMs: number;
}

export function isOverdue(point: TaskPoint, { at }: Moment): boolean {
  return Date.parse(point.due_at) < at;
}

export function dueOf(point: TaskPoint, moment: Moment): Due | null {
  const due = Date.parse(point.due_at);
  if (due < moment.at) return "overdue";
  if (point.begin_at && point.status !== "in_progress" && Date.parse(point.begin_at) > due) return "planned_late";
  return due < moment.at + moment.soonMs ? "soon" : null;
}

/** Due soon is also what is due soon and planned too late. */
export function isDueSoon(point: TaskPoint, { at, soonMs }: Moment): boolean {
  const due = Date.parse(point.due_at);
  return due >= at && due < at + soonMs;
}

export function matches(point: TaskPoint, filter: Filter, moment: Moment): boolean {
  if (filter.status && point.status !== filter.status) return false;
  if (filter.kind && point.kind !== filter.kind) return false;
  if (filter.grid && point.grid_id !== filter.grid) return false;
  if (filter.team && point.team_id !== filter.team) return false;
  if (filter.reason && point.waiting_reason !== filter.reason) return false;
  if (filter.found && !filter.found.has(point.id)) return false;
  if (filter.due === "soon") return isDueSoon(point, moment);
  return !filter.due || dueOf(point, moment) === filter.due;
}

/** What the filter lets through, soonest due first; at the same time the more urgent first. */
export function shownOf(points: Iterable<TaskPoint>, filter: Filter, moment: Moment): TaskPoint[] {
  const shown: [number, TaskPoint][] = [];
  for (const point of points) if (matches(point, filter, moment)) shown.push([Date.parse(point.due_at), point]);
  shown.sort(([due, a], [other, b]) => due - other || b.priority - a.priority || (a.id < b.id ? -1 : 1));
  return shown.map(([, point]) => point);
}

export function isFiltering(filter: Filter): boolean {
  return Object.entries(filter).some(([name, value]) => name !== "found" && Boolean(value));
}
