/** The doors behind a change of route: changes name tasks by id, people know doors. */

import type { Stop } from "../route-overlay.ts";

interface Door {
  readonly key: string;
  readonly address: string;
  readonly names: readonly Readonly<Record<string, string>>[];
}

/** Task id → its door. */
export type Doors = Readonly<Record<string, Door>>;

export function doorsOf(stops: readonly Stop[]): Doors {
  return Object.fromEntries(
    stops.flatMap(({ key, address, tasks }) =>
      tasks.map((task) => [task.id, { key, address, names: tasks.map((one) => one.names) }]),
    ),
  );
}

/** Each door once. A task whose door is not known any more is a door of its own, without a name. */
export function grouped(taskIds: readonly string[], doors: Doors): Door[] {
  const found = taskIds.map((id) => doors[id] ?? { key: id, address: "", names: [] });
  return [...new Map(found.map((door) => [door.key, door])).values()];
}

/** What to remember: the doors of the route, and those that moved away until the member has read it. */
export function remembered(before: Doors, stops: readonly Stop[], away: readonly string[]): Doors {
  const gone = away.filter((id) => id in before).map((id) => [id, before[id]]);
  return { ...Object.fromEntries(gone), ...doorsOf(stops) };
}

/** Stops with a task that the member has not seen before. */
export function isNew(stop: Stop, added: readonly string[]): boolean {
  return stop.tasks.some((task) => added.includes(task.id));
}
