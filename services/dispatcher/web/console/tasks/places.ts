/** Doors and people as a new task names them: known ones, or new. */

import { answered, api, type Schemas } from "../../api/client.ts";
import { district, type Point } from "../model.ts";

export type Household = Schemas["HouseholdOut"];
export type Subject = Schemas["SubjectOut"];

export interface NewDoor {
  readonly is: "new";
  readonly address: string;
  readonly accessNotes: string;
  readonly point: Point | null;
}

export type Door = { readonly is: "none" } | { readonly is: "known"; readonly household: Household } | NewDoor;

export interface NewPerson {
  readonly is: "new";
  readonly name: string;
  readonly phone: string;
}

export type Person = { readonly is: "none" } | { readonly is: "known"; readonly subject: Subject } | NewPerson;

export const NO_DOOR: Door = { is: "none" };
export const NOBODY: Person = { is: "none" };

/** As many as one looks through. */
const SHOWN = 8;

/** The district that is looked at, as a query says it. */
function here(): { district: string } | Record<string, never> {
  return district.value ? { district: district.value.id } : {};
}

/** Doors by part of their address, and those of that reference. Raises Refused, NoAnswer. */
export async function findDoors(text: string, signal: AbortSignal): Promise<Household[]> {
  const ask = (sought: { q: string } | { ref: string }) =>
    answered(api.GET("/v1/households", { params: { query: { ...here(), limit: SHOWN, ...sought } }, signal }));
  const [byRef, byAddress] = await Promise.all([ask({ ref: text }), ask({ q: text })]);
  return unique([...byRef.items, ...byAddress.items]);
}

/** People by part of their name or phone. Raises Refused, NoAnswer. */
export async function findPeople(text: string, signal: AbortSignal): Promise<Subject[]> {
  const query = { ...here(), q: text, limit: SHOWN };
  return [...(await answered(api.GET("/v1/subjects", { params: { query }, signal }))).items];
}

/** Who is known at a door. Raises Refused, NoAnswer. */
export async function livingAt(householdId: string): Promise<Subject[]> {
  const query = { ...here(), household_id: householdId, limit: 20 };
  return [...(await answered(api.GET("/v1/subjects", { params: { query } }))).items];
}

function unique(found: readonly Household[]): Household[] {
  return [...new Map(found.map((one) => [one.id, one])).values()].slice(0, SHOWN);
}

/** The point of a text such as `43.7384, 7.4246`; null where it is none. */
export function pointOf(lat: string, lon: string): Point | null {
  const [north, east] = [Number(lat), Number(lon)];
  if (!lat.trim() || !lon.trim() || Number.isNaN(north) || Number.isNaN(east)) return null;
  return Math.abs(north) <= 90 && Math.abs(east) <= 180 ? { lat: north, lon: east } : null;
}
