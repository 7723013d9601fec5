/** A follow-up as it is being started: what lacks, what is sent, which day is the last. */

import type { Schemas } from "../../../api/client.ts";
import { mentioned } from "../../tasks/doorEdit.ts";
import type { Door, Person } from "../../tasks/places.ts";

export interface Draft {
  /** Made here, so that sending twice starts one. */
  readonly id: string;
  readonly person: Person;
  readonly door: Door;
  readonly protocol: string;
  readonly first_day: string;
  /** Empty: as the protocol says. */
  readonly last_day: string;
}

export type Lacking = "person" | "name" | "home" | "protocol";

/** What can be seen to lack before it is sent. Whoever is known with a home keeps it. */
export function lacking({ person, door, protocol }: Draft): Lacking[] {
  const found: Lacking[] = [];
  if (person.is === "none") found.push("person");
  if (person.is === "new" && !person.name.trim() && !person.phone.trim()) found.push("name");
  const hasHome = person.is === "known" && person.subject.household_id !== null;
  if (!hasHome && !mentioned(door)) found.push("home");
  if (!protocol) found.push("protocol");
  return found;
}

/** The body of `POST /v1/follow-ups`. */
export function bodyOf(draft: Draft, districtId: string): Schemas["NewFollowUp"] {
  const { id, person, protocol, first_day, last_day } = draft;
  const household = mentioned(draft.door);
  return {
    id,
    district: districtId,
    subject: person.is === "known" ? { id: person.subject.id } : named(person),
    ...(household && { household }),
    protocol,
    ...(first_day && { first_day }),
    ...(last_day && { last_day }),
  } as Schemas["NewFollowUp"];
}

function named(person: Person): { name?: string; phone?: string } {
  if (person.is !== "new") return {};
  return { name: person.name.trim(), ...(person.phone.trim() && { phone: person.phone.trim() }) };
}

const DAY_MS = 86_400_000;

/** So many days later, as `2026-03-01`; "" where the day is none. */
export function dayAfter(day: string, days: number): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? "" : new Date(at + days * DAY_MS).toISOString().slice(0, 10);
}
