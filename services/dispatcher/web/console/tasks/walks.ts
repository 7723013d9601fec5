/** A team's walk before and after it gets one more task, laid side by side. */

import type { Schemas } from "../../api/client.ts";

type Stop = Schemas["StopShown"];

export interface StopThen {
  readonly is: "break" | "new" | "known";
  readonly taskIds: readonly string[];
  readonly beginAt: string;
  /** How much later than before, in seconds; 0 for what is new. */
  readonly laterS: number;
}

/** The stops afterwards, with what changed at each. A stop counts as new where the task is done at it, alone or with others. */
export function laidOut(before: readonly Stop[], after: readonly Stop[], taskId: string): StopThen[] {
  const then = new Map<string, string>();
  for (const stop of before)
    for (const [place, id] of stop.task_ids.entries()) then.set(id, stop.begin_at[place] ?? stop.arrive_at);
  const breakThen = before.find((stop) => stop.break)?.begin_at[0];
  return after.map((stop) => {
    const place = Math.max(
      0,
      stop.task_ids.findIndex((id) => id !== taskId && then.has(id)),
    );
    const known = stop.task_ids[place];
    const was = stop.break ? breakThen : known === undefined ? undefined : then.get(known);
    const is = stop.begin_at[place] ?? stop.arrive_at;
    return {
      is: stop.break ? "break" : stop.task_ids.includes(taskId) ? "new" : "known",
      taskIds: stop.task_ids,
      beginAt: stop.begin_at[0] ?? stop.arrive_at,
      laterS: was === undefined ? 0 : Math.round((new Date(is).getTime() - new Date(was).getTime()) / 1000),
    };
  });
}
