/** What the end of a shift asks of the team: pure, by the server's time. */

import type { PhoneRoute, Stop, Task } from "../route-overlay.ts";

/** A door that the team has accepted, with those of its tasks of which nobody has said yet who finishes them. */
export interface AskedDoor {
  readonly stop: Stop;
  readonly tasks: readonly Task[];
}

/** `over`: the shift has ended. `doors`: in the order of the walk. */
export interface Asked {
  readonly endsAt: string;
  readonly over: boolean;
  readonly doors: readonly AskedDoor[];
}

/** What is to be asked now; null: nothing, or not yet. */
export function asked(route: PhoneRoute | null, now: number): Asked | null {
  const ending = route?.ending ?? null;
  if (!route || !ending || now < Date.parse(ending.asks_from)) return null;
  const ends = Date.parse(ending.ends_at);
  const doors = route.stops
    .map((stop) => ({ stop, tasks: stop.tasks.filter((task) => isAskedAbout(task, ends)) }))
    .filter((door) => door.tasks.length > 0);
  return doors.length > 0 ? { endsAt: ending.ends_at, over: now >= ends, doors } : null;
}

/** Whatever the end of the shift does not hand over by itself; what was given for a later shift is none of it. */
function isAskedAbout(task: Task, ends: number): boolean {
  const isFixed = task.accepted || task.pinned || task.under_way;
  return isFixed && !task.kept && !task.gone && Date.parse(task.assigned_at) < ends;
}

export type FromBefore = Task["handovers"][number];

/** Of what a task came with from teams before, what is worth reading: every note, and the last one without. */
export function fromBefore(task: Task): readonly FromBefore[] {
  const all = task.handovers ?? [];
  return all.filter((one, place) => Boolean(one.note) || place === all.length - 1);
}
