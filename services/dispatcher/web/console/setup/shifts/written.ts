/** A shift as its form has it: by the clocks of the district. */

import { momentOf, wallClock } from "../../zone.ts";
import { type Break, breakIn, type Draft, type Shift, type UsualBreak } from "./plan.ts";
import { addDays, instant } from "./week.ts";

export interface Written {
  team_id: string;
  /** `2026-02-03T08:00` */
  from: string;
  until: string;
  withBreak: boolean;
  /** `11:00`, the first one in the shift. */
  earliest: string;
  latest: string;
  minutes: string;
}

export function written(shift: Shift | Draft, timeZone: string): Written {
  const clock = (at: string | undefined) => (at ? wallClock(at, timeZone).slice(11) : "");
  return {
    team_id: shift.team_id,
    from: wallClock(shift.starts_at, timeZone),
    until: wallClock(shift.ends_at, timeZone),
    withBreak: shift.break !== null,
    earliest: clock(shift.break?.earliest),
    latest: clock(shift.break?.latest),
    minutes: String((shift.break?.duration_s ?? 1800) / 60),
  };
}

export function read(form: Written, timeZone: string): Omit<Draft, "id" | "wrong"> {
  const starts = momentOf(form.from, timeZone);
  return {
    team_id: form.team_id,
    starts_at: instant(starts),
    ends_at: instant(momentOf(form.until, timeZone)),
    break: form.withBreak && form.earliest && form.latest ? readBreak(form, starts, timeZone) : null,
  };
}

function readBreak({ from, earliest, latest, minutes }: Written, starts: number, timeZone: string): Break {
  const day = from.slice(0, 10);
  const inShift = (clock: string) => {
    const moment = momentOf(`${day}T${clock}`, timeZone);
    return instant(moment < starts ? momentOf(`${addDays(day, 1)}T${clock}`, timeZone) : moment);
  };
  return { earliest: inShift(earliest), latest: inShift(latest), duration_s: Math.round(Number(minutes) * 60) };
}

/** A break to begin with: the district's, else about the middle of the shift. */
export function proposedBreak(form: Written, timeZone: string, usual: UsualBreak | null = null): Partial<Written> {
  if (!form.from || !form.until) return { withBreak: true };
  const rest = breakIn(momentOf(form.from, timeZone), momentOf(form.until, timeZone), usual);
  if (!rest) return { withBreak: true };
  const clock = (at: string) => wallClock(at, timeZone).slice(11);
  return {
    withBreak: true,
    earliest: clock(rest.earliest),
    latest: clock(rest.latest),
    minutes: String(rest.duration_s / 60),
  };
}
