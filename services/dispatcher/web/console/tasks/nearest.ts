/** Teams as a person weighs them up for a task: who can, who is near, who has little to do. */

import type { Point, TeamGlance } from "../model.ts";

export type Order = "nearest" | "least_loaded";

export interface Candidate {
  readonly team: TeamGlance;
  /** As the crow flies from where it was last; undefined: nobody knows. */
  readonly metres: number | undefined;
  /** Roles that the task needs and nobody of the team on duty fills. */
  readonly lacks: readonly string[];
}

export interface Wanted {
  readonly point: Point | undefined;
  readonly roles: readonly string[];
}

/** Teams whose code or name has the text in it; those that can do it first, then in the order asked for. */
export function candidates(teams: readonly TeamGlance[], wanted: Wanted, order: Order, text: string): Candidate[] {
  const sought = text.trim().toLowerCase();
  return teams
    .filter((team) => `${team.code} ${team.name}`.toLowerCase().includes(sought))
    .map((team) => ({
      team,
      metres: wanted.point && team.place ? metresBetween(wanted.point, team.place) : undefined,
      lacks: wanted.roles.filter((role) => !team.roles_on_duty.includes(role)),
    }))
    .sort((one, other) => rank(one) - rank(other) || compared(one, other, order));
}

function rank({ team, lacks }: Candidate): number {
  if (!team.on_shift) return 2;
  return lacks.length ? 1 : 0;
}

function compared(one: Candidate, other: Candidate, order: Order): number {
  const near = (one.metres ?? Infinity) - (other.metres ?? Infinity) || 0;
  const load = one.team.tasks - other.team.tasks;
  const [first, then] = order === "nearest" ? [near, load] : [load, near];
  return first || then || one.team.code.localeCompare(other.team.code);
}

const EARTH_M = 6_371_000;

/** Great circle, in metres. */
export function metresBetween(one: Point, other: Point): number {
  const rad = Math.PI / 180;
  const [lat, lon] = [(other.lat - one.lat) * rad, (other.lon - one.lon) * rad];
  const h = Math.sin(lat / 2) ** 2 + Math.cos(one.lat * rad) * Math.cos(other.lat * rad) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(h));
}
