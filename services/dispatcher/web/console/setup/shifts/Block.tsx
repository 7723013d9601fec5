import { REST } from "../../../texts/console-rosters.ts";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { WarningIcon } from "../../../ui/icons.tsx";
import { dayAndClock, span } from "../../../ui/time.ts";
import type { Team } from "../../model.ts";
import { wallClock } from "../../zone.ts";
import type { Draft, Shift } from "./plan.ts";
import type { ShiftShown } from "./ShiftForm.tsx";
import { placeIn, type Week } from "./week.ts";

interface BlockProps {
  shift: Shift | Draft;
  team: Team;
  week: Week;
  /** The column in whose cell it may be drawn; it is where the block begins there. */
  column: number;
  /** Whether the Tab key stops here. */
  reached: boolean;
  show: (shown: ShiftShown) => void;
}

/** A shift in the week, as wide as it is long, across midnight too. */
export function Block({ shift, team, week, column, reached, show }: BlockProps) {
  const place = placeIn(week, shift.starts_at, shift.ends_at);
  if (!place || Math.floor(place.from) !== column) return null;
  const zone = week.timeZone;
  const saved = isSaved(shift);
  const wrong = saved ? undefined : shift.wrong;
  const classes = [
    "week__block",
    `week__block--${partOfDay(shift.starts_at, zone)}`,
    saved ? "" : "week__block--draft",
    wrong ? "week__block--wrong" : "",
    mustRest(shift) ? "week__block--rest" : "",
    place.beganBefore ? "week__block--before" : "",
    place.goesOn ? "week__block--after" : "",
  ];
  const label = labelOf(shift, team, zone, saved);
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(" ")}
      style={{ left: `${(place.from - column) * 100}%`, width: `${(place.until - place.from) * 100}%` }}
      data-key={shift.id}
      data-at={place.from + 0.001}
      tabIndex={reached ? 0 : -1}
      title={wrong ?? label}
      aria-label={wrong ? `${label}. ${wrong}` : label}
      onClick={() => show(saved ? { state: "saved", shift } : { state: "draft", draft: shift })}
    >
      <span class="week__hours">
        {mustRest(shift) > 0 && <WarningIcon />}
        {hours(shift, zone)}
      </span>
      <BreakBand shift={shift} week={week} />
    </button>
  );
}

/** The window of the break as a band at the foot of the block. */
function BreakBand({ shift, week }: { shift: Shift | Draft; week: Week }) {
  const place = placeIn(week, shift.starts_at, shift.ends_at);
  const rest =
    shift.break && placeIn(week, shift.break.earliest, Date.parse(shift.break.latest) + shift.break.duration_s * 1000);
  if (!place || !rest) return null;
  const wide = place.until - place.from;
  return (
    <span
      class="week__break"
      style={{
        left: `${((rest.from - place.from) / wide) * 100}%`,
        width: `${((rest.until - rest.from) / wide) * 100}%`,
      }}
    />
  );
}

function isSaved(shift: Shift | Draft): shift is Shift {
  return "created_at" in shift;
}

/** How many do not count in it from its beginning on, or at all. */
function mustRest(shift: Shift | Draft): number {
  return isSaved(shift) ? shift.warnings.length : 0;
}

function hours({ starts_at, ends_at }: Shift | Draft, zone: string): string {
  return `${short(starts_at, zone)}–${short(ends_at, zone)}`;
}

/** `08` for a full hour, else `08:30`. */
function short(at: string, zone: string): string {
  return wallClock(at, zone).slice(11).replace(":00", "");
}

function partOfDay(at: string, zone: string): "night" | "day" | "late" {
  const hour = Number(wallClock(at, zone).slice(11, 13));
  if (hour < 6 || hour >= 22) return "night";
  return hour < 14 ? "day" : "late";
}

function labelOf(shift: Shift | Draft, team: Team, zone: string, saved: boolean): string {
  const [from, until] = [new Date(shift.starts_at), new Date(shift.ends_at)];
  const parts = [
    hours(shift, zone),
    t(SHIFTS.block, {
      team: team.code,
      from: dayAndClock(from, zone, new Date(0)),
      until: dayAndClock(until, zone, from),
      time: span(until.getTime() - from.getTime()),
    }),
    ...(shift.break
      ? [
          t(SHIFTS.breakIn, {
            from: dayAndClock(shift.break.earliest, zone, from),
            until: dayAndClock(shift.break.latest, zone, from),
          }),
        ]
      : []),
    ...(mustRest(shift) ? [t(REST.mustRest, { n: mustRest(shift) })] : []),
    ...(saved ? [] : [t(SHIFTS.draft)]),
  ];
  return parts.join(", ");
}
