/** A change of a follow-up as it is typed, and what of it is sent. */

import type { Schemas } from "../../../api/client.ts";
import { draftsOf, type Line, type LineDraft, readLine } from "../../setup/protocols/lines.ts";

export interface Draft {
  readonly last_day: string;
  /** Empty: nobody is lost. */
  readonly lost: string;
  readonly lines: readonly LineDraft[];
}

type Base = Pick<Schemas["FollowUpDetail"], "last_day" | "lost_after_days" | "lines" | "version">;

export function draftOf({ last_day, lost_after_days, lines }: Base): Draft {
  return { last_day, lost: lost_after_days === null ? "" : String(lost_after_days), lines: draftsOf(lines) };
}

/** The body of the PATCH: what differs, and the version that was looked at. Undefined while a line says nothing that counts. */
export function patchOf(draft: Draft, base: Base): Schemas["FollowUpPatch"] | undefined {
  const lines = draft.lines.map((line) => readLine(line).line);
  if (lines.length === 0 || lines.includes(undefined)) return undefined;
  const before = base.lines.map(({ kind, times, every, days }): Line => ({ kind, times, every, days }));
  const lost = draft.lost.trim() ? Number(draft.lost) : null;
  const changed = {
    ...(draft.last_day && draft.last_day !== base.last_day && { last_day: draft.last_day }),
    ...(lost !== base.lost_after_days && { lost_after_days: lost }),
    ...(JSON.stringify(lines) !== JSON.stringify(before) && { lines }),
  };
  return { ...changed, version: base.version } as Schemas["FollowUpPatch"];
}
