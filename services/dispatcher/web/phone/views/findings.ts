/** From what was filled in to what is sent. */

import type { Schemas } from "../../api/client.ts";
import type { Checked, Draft, FormField, Result } from "../../forms/schema.ts";

export type Outcome = Schemas["Outcome"];
export type PhoneForm = Schemas["PhoneRouteOut"]["forms"][number];

export const SEEN = ["seen_ok", "seen_not_ok"] as const;
export const NOT_SEEN = ["unavailable", "refused", "wrong_address", "unsafe"] as const;

/** A screen's draft: what is filled into the form, and the note. */
export interface VisitDraft {
  readonly form: Draft;
  readonly note: string;
}

export const EMPTY: VisitDraft = { form: {}, note: "" };

export function sawThePerson(outcome: Outcome): boolean {
  return outcome === "seen_ok" || outcome === "seen_not_ok";
}

/** Whether the result holds a temperature above the line: then the person is not well, whatever else is said. */
export function isFever(form: PhoneForm | undefined, result: Result): boolean {
  const temperature = result.temperature_c;
  return typeof temperature === "number" && typeof form?.fever_above_c === "number" && temperature > form.fever_above_c;
}

interface Findings {
  outcome: Outcome;
  result: Record<string, never>;
  form_version: number;
  note: string;
  position: null;
}

const LONGEST_NOTE = 2000;

/** What a visit found. Who saw nobody sends no result. Words that the form has no field for go into the note. */
export function findings(
  outcome: Outcome,
  form: PhoneForm | undefined,
  checked: Pick<Checked, "result" | "words">,
  note: string,
): Findings {
  const seen = sawThePerson(outcome);
  const fever = seen && isFever(form, checked.result);
  return {
    outcome: fever ? "seen_not_ok" : outcome,
    result: (seen ? checked.result : {}) as Record<string, never>,
    form_version: form?.version ?? 1,
    note: [note.trim(), seen ? checked.words : ""].filter(Boolean).join("\n").slice(0, LONGEST_NOTE),
    position: null,
  };
}

/** How something is measured is as it was the last time; what is found never is. */
const HOW = ["method", "agent"];

export function howOf(fields: readonly FormField[], draft: Draft): Draft {
  const how = fields.filter((field) => field.shape === "choice" && HOW.includes(field.name));
  return Object.fromEntries(how.map((field) => [field.name, draft[field.name]]).filter(([, value]) => value));
}
