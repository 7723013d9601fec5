/** What a phone reports, as it is kept on the phone: word for word what is sent, and what became of it. */

import type { Schemas } from "../api/client.ts";

export type ReportBody =
  | Schemas["AcceptIn"]
  | Schemas["DeclineIn"]
  | Schemas["DepartIn"]
  | Schemas["ArriveIn"]
  | Schemas["VisitIn"]
  | Schemas["CorrectIn"]
  | Schemas["KeepIn"]
  | Schemas["HandOverIn"]
  | Schemas["AcknowledgeIn"]
  | Schemas["DutyIn"]
  | Schemas["SuitIn"]
  | Schemas["SeenAtIn"];

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Where a visit was made need not be said. */
type Placeless<T> = T extends { position: infer Position }
  ? Omit<T, "position"> & { position?: Position }
  : T extends { visit: infer Visit }
    ? Omit<T, "visit"> & { visit: Placeless<Visit> }
    : T;

/** A report before the queue gives it its id and time. */
export type NewReport = Placeless<Without<ReportBody, "id" | "at">>;
export type Answer = Schemas["ReportAnswer"];
export type Problem = Schemas["Problem"];
type Names = Readonly<Record<string, string>>;

/** Which door a report was about, so that the phone can say so when the task is long gone from the route. */
export interface About {
  address: string;
  names: Names[];
  subject: string | null;
  kind: string | null;
}

/**
 * `waiting`: not yet answered. `answered`: done. `set_aside`: refused, or kept for review: the member should read why.
 * `settled`: the server's route was fetched since the answer, so nothing of it needs to be put on top any more.
 */
export interface KeptReport {
  seq: number;
  id: string;
  member_id: string;
  body: ReportBody;
  about: About | null;
  state: "waiting" | "answered" | "set_aside";
  settled: boolean;
  tries: number;
  answer: Answer | null;
  problem: Problem | null;
}

/** The tasks that a report is about; of a correction and of duty none. */
export function tasksOf(body: ReportBody): string[] {
  if ("task_ids" in body) return body.task_ids;
  return "task_id" in body ? [body.task_id] : [];
}

/** The phone's own time with its offset from UTC, such as `2026-02-03T07:15:00.250+08:00`. */
export function deviceTime(now = new Date()): string {
  const offset = -now.getTimezoneOffset();
  const local = new Date(now.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const two = (number: number) => String(number).padStart(2, "0");
  const ahead = Math.abs(offset);
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`;
}
