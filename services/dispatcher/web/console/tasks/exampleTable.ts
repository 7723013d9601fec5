/** The columns of a table of tasks, as `POST /v1/tasks/batch` reads them, and a table to begin with. */

import type { Kind } from "../model.ts";
import { example } from "./table.ts";

export const TASK_COLUMNS = [
  "kind",
  "id",
  "ref",
  "household_id",
  "household_ref",
  "household_address",
  "household_lat",
  "household_lon",
  "household_access_notes",
  "subject_id",
  "subject_ref",
  "subject_name",
  "subject_phone",
  "subject_flags",
  "earliest",
  "due_at",
  "priority",
  "needs",
  "service_s",
  "instructions",
] as const;

/** Ids are for programs. */
const SHOWN = TASK_COLUMNS.filter((name) => !/(^|_)id$/.test(name));

/** A visit and a call of the district's own kinds, with every column that people fill in. */
export function exampleTable(kinds: readonly Kind[]): string {
  const of = (channel: Kind["channel"], other: string) =>
    kinds.find((kind) => kind.active && kind.channel === channel)?.code ?? other;
  return example(SHOWN, [
    {
      kind: of("visit", "temperature_check"),
      ref: "EXAMPLE-1",
      household_address: "幸福路1号2栋301 (1 Happiness Road, 2-301)",
      household_access_notes: "门铃坏了，请敲门 (knock, the bell is broken)",
      subject_name: "李明",
      subject_phone: "+86 138 0000 0000",
      subject_flags: "no_smartphone, language=zh",
      priority: "4",
      instructions: "戴口罩 (wear a mask)",
    },
    {
      kind: of("phone", "trace_call"),
      ref: "EXAMPLE-2",
      subject_name: "王芳",
      subject_phone: "+86 139 0000 0000",
    },
  ]);
}
