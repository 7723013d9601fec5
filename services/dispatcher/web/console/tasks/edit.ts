/** Editing a task: what is sent, and what becomes of it when somebody else changed the task meanwhile. */

import type { Schemas } from "../../api/client.ts";
import { momentOf, wallClock } from "../zone.ts";

type Task = Schemas["TaskDetail"];
export type Patch = Schemas["TaskPatch"];

/** The fields as they stand in the form: times as the district's clocks show them. */
export interface Form {
  readonly earliest: string;
  readonly due_at: string;
  readonly priority: number;
  readonly instructions: string;
  readonly needs: readonly string[];
  readonly minutes: string;
}

export type FieldName = keyof Form;

const FIELDS: readonly FieldName[] = ["earliest", "due_at", "priority", "instructions", "needs", "minutes"];

/** `own`: capabilities that the kind asks for; nobody takes those away. */
export function formOf(task: Task, timeZone: string, own: readonly string[]): Form {
  return {
    earliest: wallClock(task.earliest, timeZone),
    due_at: wallClock(task.due_at, timeZone),
    priority: task.priority,
    instructions: task.instructions,
    needs: task.capabilities.filter((code) => !own.includes(code)),
    minutes: String(Math.round(task.service_s / 6) / 10),
  };
}

export function changed(before: Form, after: Form): FieldName[] {
  return FIELDS.filter((name) => String(before[name]) !== String(after[name]));
}

/** What to send: only what differs, so that what nobody touched (seconds of a time, say) stays as it is. */
export function patchOf(before: Form, after: Form, timeZone: string): Patch {
  const patch: Patch = {};
  for (const name of changed(before, after)) {
    if (name === "minutes") patch.service_s = Math.round(Number(after.minutes) * 60);
    else if (name === "earliest" || name === "due_at")
      patch[name] = new Date(momentOf(after[name], timeZone)).toISOString();
    else if (name === "needs") patch.needs = [...after.needs];
    else if (name === "priority") patch.priority = after.priority;
    else patch.instructions = after.instructions;
  }
  return patch;
}

/** What can be seen to be wrong before it is sent. */
export function wrongFields(form: Form): FieldName[] {
  const wrong: FieldName[] = [];
  if (!form.earliest) wrong.push("earliest");
  if (!form.due_at || (form.earliest && form.due_at <= form.earliest)) wrong.push("due_at");
  const minutes = Number(form.minutes);
  if (form.minutes.trim() === "" || !(minutes >= 0 && minutes <= 1440)) wrong.push("minutes");
  return wrong;
}

export interface Rebased {
  /** What I changed, on top of what is there now. */
  readonly form: Form;
  /** Fields that both changed, each to something else. */
  readonly clashes: readonly FieldName[];
}

/** My edit of `before`, carried over to what somebody else made of it meanwhile. */
export function rebase(before: Form, mine: Form, theirs: Form): Rebased {
  const ours = changed(before, mine);
  const form = Object.fromEntries(FIELDS.map((name) => [name, ours.includes(name) ? mine[name] : theirs[name]]));
  const both = changed(before, theirs).filter((name) => ours.includes(name));
  return { form: form as unknown as Form, clashes: both.filter((name) => String(mine[name]) !== String(theirs[name])) };
}
