/** Follow-ups in words. */

import type { Schemas } from "../../../api/client.ts";
import { END_REASON, FOLLOW_UPS } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import { day as dayWords } from "../../../ui/time.ts";

type Item = Schemas["ItemOfDay"];

export const TONE: Readonly<Record<Schemas["FollowUpStatus"], string>> = {
  under_follow_up: "info",
  completed: "good",
  lost: "bad",
  cancelled: "",
  converted: "",
};

export function personName({ name, ref }: { name: string; ref?: string | null }): string {
  return name || ref || t(FOLLOW_UPS.nameless);
}

export function protocolName(names: Readonly<Record<string, string>> | null, code: string | null): string {
  return names ? named(names) : (code ?? t(FOLLOW_UPS.ownPlan));
}

/** `day 3 of 14`; before the first day, when it begins; after the last, how long it was. */
export function dayOfPlan(of: { day: number | null; days: number; first_day: string; today: string }): string {
  if (of.day !== null) return t(FOLLOW_UPS.dayOf, { n: of.day, m: of.days });
  if (of.first_day > of.today) return t(FOLLOW_UPS.begins, { day: dayWords(`${of.first_day}T00:00:00Z`, "UTC") });
  return t(FOLLOW_UPS.over, { m: of.days });
}

/** The names of the items that are due and not done; of one that is due several times, how often it was. */
export function lackingWords(items: readonly Item[]): string[] {
  return items
    .filter(({ done, due }) => done < due)
    .map(({ names, done, due }) => (due > 1 ? `${named(names)} ${done}/${due}` : named(names)));
}

/** Why it ended: in a person's words, or what a program's code means. */
export function endWords(reason: string): string {
  const known = Object.hasOwn(END_REASON, reason) ? END_REASON[reason] : undefined;
  return known ? t(known) : reason;
}
