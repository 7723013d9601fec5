/** Alarms in the order in which people look at them. */

import type { Schemas } from "../../api/client.ts";

type Alarm = Pick<Schemas["AlarmOut"], "id" | "what" | "level" | "raised_at" | "acknowledged">;

/** Of one level and one sort, the oldest first. */
export interface Group<A> {
  readonly level: Schemas["AlarmLevel"];
  readonly what: Schemas["AlarmCode"];
  readonly alarms: readonly A[];
}

/** `open`: a coordinator must look at them; `withTeams`: only their teams were told so far; `taken`: somebody looks at them. */
export interface Grouped<A> {
  readonly open: readonly Group<A>[];
  readonly withTeams: readonly A[];
  readonly taken: readonly A[];
}

const PLACES = { lead: 0, coordinator: 1, team: 2 } as const;

/** The highest level first; of one level the sort that stands longest. */
export function groupsOf<A extends Alarm>(alarms: readonly A[]): Grouped<A> {
  const byAge = alarms.toSorted((one, other) => Date.parse(one.raised_at) - Date.parse(other.raised_at));
  const waiting = byAge.filter((one) => one.acknowledged === null);
  const groups = new Map<string, A[]>();
  for (const alarm of waiting.filter(({ level }) => level !== "team")) {
    const key = `${alarm.level} ${alarm.what}`;
    groups.set(key, [...(groups.get(key) ?? []), alarm]);
  }
  const open = [...groups.values()].flatMap((those) => {
    const [first] = those;
    return first ? [{ level: first.level, what: first.what, alarms: those }] : [];
  });
  return {
    open: open.toSorted((one, other) => PLACES[one.level] - PLACES[other.level]),
    withTeams: waiting.filter(({ level }) => level === "team"),
    taken: byAge.filter((one) => one.acknowledged !== null),
  };
}
