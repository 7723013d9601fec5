/** The columns of a table of rosters, as `POST /v1/rosters/import` reads them, and a table to begin with. */

import { now } from "../../now.ts";
import { example } from "../../tasks/table.ts";
import { addDays, dayOf } from "./week.ts";

export function rosterColumns(roles: readonly string[]): string[] {
  return ["team", "from", "until", ...roles, "break"];
}

/** Two of three shifts of a day, in the week after this one. */
export function rosterExample(roles: readonly string[], timeZone: string): string {
  const day = addDays(dayOf(now.peek(), timeZone), 7);
  const people = (first: number) =>
    Object.fromEntries(roles.map((role, place) => [role, `+86 138 0000 00${first}${place}`]));
  return example(rosterColumns(roles), [
    { team: "team-01", from: `${day} 00:00`, until: `${day} 08:00`, ...people(1), break: "30" },
    { team: "team-01", from: `${day} 08:00`, until: `${day} 16:00`, ...people(2), break: "11:30-13:00 30" },
  ]);
}
