/** Who must rest in a shift, in words. */

import type { Schemas } from "../../../api/client.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { t } from "../../../texts/language.ts";
import { day, dayAndClock } from "../../../ui/time.ts";

export type RestWarning = Schemas["RestWarning"];

/** `shift`: of the warning, where it is known. */
export function restWords(
  warning: RestWarning,
  name: string,
  timeZone: string,
  shift: { starts_at: string; ends_at: string } | undefined,
): string {
  if (warning.rule === "days_in_a_row") return t(REST.days, { name, since: day(warning.since, timeZone) });
  const all = shift !== undefined && Date.parse(warning.until) >= Date.parse(shift.ends_at);
  const near = shift ? new Date(shift.starts_at) : new Date(0);
  return t(all ? REST.betweenAll : REST.between, { name, until: dayAndClock(warning.until, timeZone, near) });
}
