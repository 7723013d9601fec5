/** Who is on a team and who stands in, read from its memberships from now on. */

import type { Schemas } from "../../../api/client.ts";

export type Membership = Schemas["MembershipOut"];

export interface Substitution {
  readonly role: string;
  readonly memberId: string;
  /** Who fills the slot otherwise; undefined: nobody. */
  readonly insteadOf: string | undefined;
  readonly from: string;
  readonly until: string;
}

/** Role → who fills it until further notice. */
export function regulars(memberships: readonly Membership[]): Map<string, string> {
  return new Map(memberships.filter(({ until }) => until === null).map(({ role, member_id }) => [role, member_id]));
}

/** The spans in which somebody other than the regular member fills a slot, by when they begin. */
export function substitutions(memberships: readonly Membership[]): Substitution[] {
  const regular = regulars(memberships);
  return memberships.flatMap(({ role, member_id, from, until }) =>
    until === null || regular.get(role) === member_id
      ? []
      : [{ role, memberId: member_id, insteadOf: regular.get(role), from, until }],
  );
}

/** The seats of a roster, without slots that are left empty. */
export function seatsOf(chosen: ReadonlyMap<string, string | null>): { role: string; member_id: string }[] {
  return [...chosen].flatMap(([role, member_id]) => (member_id ? [{ role, member_id }] : []));
}

/** What of `standing` a roster that is saved now lets stand: those in slots that it leaves as they were. */
export function kept(
  standing: readonly Substitution[],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string | null>,
): Substitution[] {
  const seated = new Set(after.values());
  return standing.filter(
    ({ role, memberId }) => (before.get(role) ?? null) === (after.get(role) ?? null) && !seated.has(memberId),
  );
}
