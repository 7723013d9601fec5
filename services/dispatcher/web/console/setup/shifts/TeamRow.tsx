import { useMemo } from "preact/hooks";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { language, t } from "../../../texts/language.ts";
import { day as dayName } from "../../../ui/time.ts";
import { mayChange, type Team } from "../../model.ts";
import { now } from "../../now.ts";
import { wallClock } from "../../zone.ts";
import { Block } from "./Block.tsx";
import type { Draft, Shift } from "./plan.ts";
import type { ShiftShown } from "./ShiftForm.tsx";
import type { Drag } from "./useDrag.ts";
import { columnAt, type Day, momentAt, type Week } from "./week.ts";

interface TeamRowProps {
  team: Team;
  week: Week;
  today: Day;
  shifts: readonly (Shift | Draft)[];
  /** Key of what the Tab key reaches; undefined: nothing in this row. */
  stop: string | undefined;
  drag: Drag;
  show: (shown: ShiftShown) => void;
}

export const ROUND_MINUTES = 30;
const A_SHIFT_MS = 8 * 3_600_000;
const FIRST_CLOCK = "08:00";
const LAST_CLOCK = "16:00";

/** A team's week. It is drawn anew only when something of it changed: a week of fifty teams has a thousand blocks. */
export function TeamRow({ team, week, today, shifts, stop, drag, show }: TeamRowProps) {
  const may = mayChange.value;
  const cells = useMemo(
    () =>
      week.days.map((day, column) => (
        <td key={day} class={day === today ? "week__today" : ""}>
          {may && (
            <button
              type="button"
              class="week__add"
              data-key={keyOf(team, day)}
              data-at={column}
              tabIndex={stop === keyOf(team, day) ? 0 : -1}
              aria-label={t(SHIFTS.addOn, { team: team.code, day: dayName(`${day}T12:00:00Z`, "UTC") })}
              onClick={(event) => {
                if (!drag.wasDragged()) show(clicked(team, week, day, drag.columnOf(event)));
              }}
            />
          )}
          {column === 0 && <GhostBlock drag={drag} team={team} />}
          {day === today && <Now week={week} column={column} />}
          {shifts.map((one) => (
            <Block
              key={one.id}
              shift={one}
              team={team}
              week={week}
              column={column}
              reached={stop === one.id}
              show={show}
            />
          ))}
        </td>
      )),
    [team, week, today, shifts, stop, may, language.value],
  );
  return (
    <tr data-team={team.id} {...(may ? drag.handlers : {})}>
      <th scope="row" title={team.name}>
        {team.code}
      </th>
      {cells}
    </tr>
  );
}

/** What the arrow keys find a day's cell by. */
export function keyOf(team: Team, day: Day): string {
  return `${team.id} ${day}`;
}

/** A shift where the mouse was clicked; with the keyboard, which has no place, by day. */
function clicked(team: Team, week: Week, day: Day, column: number | undefined): ShiftShown {
  if (column === undefined)
    return { state: "new", team_id: team.id, from: `${day}T${FIRST_CLOCK}`, until: `${day}T${LAST_CLOCK}` };
  const from = momentAt(week, column, ROUND_MINUTES);
  return drawn(team.id, week, from, from + A_SHIFT_MS);
}

export function drawn(team_id: string, week: Week, from: number, until: number): ShiftShown {
  return { state: "new", team_id, from: wallClock(from, week.timeZone), until: wallClock(until, week.timeZone) };
}

function Now({ week, column }: { week: Week; column: number }) {
  const at = columnAt(week, now.value.getTime()) - column;
  return <span class="week__now" style={{ left: `${at * 100}%` }} />;
}

/** What is being drawn in the row, laid over it from its first cell on. */
function GhostBlock({ drag, team }: { drag: Drag; team: Team }) {
  const ghost = drag.ghost.value;
  if (ghost?.team !== team.id) return null;
  const { from, until } = ghost;
  return <span class="week__ghost" style={{ left: `${from * 100}%`, width: `${(until - from) * 100}%` }} />;
}
