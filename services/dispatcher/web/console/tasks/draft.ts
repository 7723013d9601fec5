/** A task as it is being typed. It is kept while the log-in is renewed or another panel is looked at, in memory only: it is about people. */

import { signal } from "@preact/signals";
import type { Schemas } from "../../api/client.ts";
import { newId } from "../../api/ids.ts";
import { askWhere } from "../leaving.ts";
import { momentOf } from "../zone.ts";
import { mentioned } from "./doorEdit.ts";
import { type Door, NO_DOOR, NOBODY, type Person } from "./places.ts";

export interface Draft {
  /** Made here, so that sending twice makes one task. */
  readonly id: string;
  /** The account and the district that it belongs to: another log-in never sees it. */
  readonly owner: string;
  readonly kind: string;
  readonly door: Door;
  readonly person: Person;
  /** Times as the district's clocks show them; empty: the kind's. */
  readonly earliest: string;
  readonly due: string;
  /** 0: the kind's. */
  readonly priority: number;
  readonly needs: readonly string[];
  readonly instructions: string;
}

const draft = signal<Draft>(emptyDraft(""));
askWhere(() => {
  const { instructions, door, person } = draft.peek();
  return instructions !== "" || door.is === "new" || person.is === "new";
});

export function emptyDraft(owner: string): Draft {
  return {
    id: newId(),
    owner,
    kind: "",
    door: NO_DOOR,
    person: NOBODY,
    earliest: "",
    due: "",
    priority: 0,
    needs: [],
    instructions: "",
  };
}

/** What this owner has typed so far. */
export function draftOf(owner: string): Draft {
  return draft.value.owner === owner ? draft.value : emptyDraft(owner);
}

export function keep(changed: Draft): void {
  draft.value = changed;
}

/** The next task at the same door: who and what are asked anew. */
export function sameDoor({ owner, kind, door }: Draft): Draft {
  return { ...emptyDraft(owner), kind, door };
}

export type Missing = "kind" | "place" | "phone" | "due";

/** What can be seen to be missing or wrong before it is sent. */
export function missing(of: Draft, channel: "visit" | "phone" | undefined): Missing[] {
  const found: Missing[] = [];
  const hasPhone = of.person.is === "known" || (of.person.is === "new" && of.person.phone.trim() !== "");
  if (!of.kind) found.push("kind");
  if (channel === "phone" && !hasPhone) found.push("phone");
  if (channel !== "phone" && !mentioned(of.door) && !hasPhone) found.push("place");
  if (of.due && of.earliest && of.due <= of.earliest) found.push("due");
  return found;
}

/** The body of `POST /v1/tasks`: what was left empty is left out, so that the kind says it. */
export function bodyOf(of: Draft, districtId: string, timeZone: string): Schemas["NewTask"] {
  const at = (written: string) => (written ? new Date(momentOf(written, timeZone)).toISOString() : null);
  const [earliest, due] = [at(of.earliest), at(of.due)];
  const [household, subject] = [mentioned(of.door), person(of.person)];
  const body = {
    id: of.id,
    district: districtId,
    kind: of.kind,
    ...(household && { household }),
    ...(subject && { subject }),
    ...(earliest && { earliest }),
    ...(due && { due_at: due }),
    ...(of.priority && { priority: of.priority }),
    needs: of.needs,
    instructions: of.instructions.trim(),
  };
  return body as unknown as Schemas["NewTask"];
}

function person(of: Person): { id: string } | { name: string; phone?: string } | undefined {
  if (of.is === "known") return { id: of.subject.id };
  if (of.is === "none" || (!of.name.trim() && !of.phone.trim())) return undefined;
  return { name: of.name.trim(), ...(of.phone.trim() && { phone: of.phone.trim() }) };
}
