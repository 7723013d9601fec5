import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { day as dayName } from "../../../ui/time.ts";
import { mayChange, type Team } from "../../model.ts";
import { now } from "../../now.ts";
import { wallClock } from "../../zone.ts";
import { Block } from "./Block.tsx";
import type { Draft, Shift } from "./plan.ts";
import type { ShiftShown } from "./ShiftForm.tsx";
import { stepTo } from "./stepping.ts";
import { useDrag } from "./useDrag.ts";
import { columnAt, type Day, momentAt, type Week } from "./week.ts";

interface WeekTableProps {
  week: Week;
  today: Day;
  teams: readonly Team[];
  shifts: readonly Shift[];
  drafts: readonly Draft[];
  show: (shown: ShiftShown) => void;
}

const ROUND_MINUTES = 30;
const A_SHIFT_MS = 8 * 3_600_000;
const FIRST_CLOCK = "08:00";
const LAST_CLOCK = "16:00";

/** The week as a table: a row for each team, a column for each day, blocks for shifts. One stop for the Tab key; arrow keys go on from there. */
export function WeekTable({ week, today, teams, shifts, drafts, show }: WeekTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const scrolled = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState("");
  const byTeam = useMemo(() => grouped([...shifts, ...drafts]), [shifts, drafts]);
  const add = (team: Team, from: number, until: number) =>
    show({
      state: "new",
      team_id: team.id,
      from: wallClock(from, week.timeZone),
      until: wallClock(until, week.timeZone),
    });
  const drag = useDrag((team, from, until) => {
    const found = teams.find(({ id }) => id === team);
    if (found) add(found, momentAt(week, from, ROUND_MINUTES), momentAt(week, until, ROUND_MINUTES));
  });
  useEffect(() => {
    const days = scrolled.current;
    const heads = days?.querySelectorAll("thead th");
    const column = week.days.indexOf(today);
    const [team, shown] = [heads?.[0], heads?.[column + 1]];
    if (days && team && shown && column >= 0) days.scrollLeft = (shown as HTMLElement).offsetLeft - team.clientWidth;
  }, [week.days[0]]);
  const first = `${teams[0]?.id} ${week.days[0]}`;
  const stop = current && body.current?.querySelector(`[data-key="${CSS.escape(current)}"]`) ? current : first;
  return (
    <>
      {mayChange.value && <p class="setup__quiet">{t(SHIFTS.how)}</p>}
      <div class="week" ref={scrolled}>
        <table class="week__table">
          <caption class="visually-hidden">{t(SHIFTS.table)}</caption>
          <WeekHead week={week} today={today} />
          <tbody
            ref={body}
            onKeyDown={(event) => stepTo(event)}
            onFocusIn={(event) => {
              const key = (event.target as HTMLElement).dataset.key;
              if (key) setCurrent(key);
            }}
          >
            {teams.map((team) => (
              <tr key={team.id} data-team={team.id} {...(mayChange.value ? drag.handlers : {})}>
                <th scope="row" title={team.name}>
                  {team.code}
                </th>
                {week.days.map((day, column) => (
                  <td key={day} class={day === today ? "week__today" : ""}>
                    {mayChange.value && (
                      <button
                        type="button"
                        class="week__add"
                        data-key={`${team.id} ${day}`}
                        data-at={column}
                        tabIndex={stop === `${team.id} ${day}` ? 0 : -1}
                        aria-label={t(SHIFTS.addOn, { team: team.code, day: dayName(`${day}T12:00:00Z`, "UTC") })}
                        onClick={(event) => {
                          if (drag.wasDragged()) return;
                          const at = event.detail > 0 ? drag.columnOf(event) : undefined;
                          if (at === undefined) return addByKey(show, team, day);
                          const from = momentAt(week, at, ROUND_MINUTES);
                          add(team, from, from + A_SHIFT_MS);
                        }}
                      />
                    )}
                    {day === today && <Now week={week} column={column} />}
                    {(byTeam.get(team.id) ?? []).map((one) => (
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
                    {column === 0 && drag.ghost?.team === team.id && <Ghost {...drag.ghost} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function addByKey(show: (shown: ShiftShown) => void, team: Team, day: Day): void {
  show({ state: "new", team_id: team.id, from: `${day}T${FIRST_CLOCK}`, until: `${day}T${LAST_CLOCK}` });
}

function grouped(all: readonly (Shift | Draft)[]): Map<string, (Shift | Draft)[]> {
  const groups = new Map<string, (Shift | Draft)[]>();
  for (const one of all) groups.set(one.team_id, [...(groups.get(one.team_id) ?? []), one]);
  return groups;
}

function WeekHead({ week, today }: { week: Week; today: Day }) {
  return (
    <thead>
      <tr>
        <th scope="col">{t(SHIFTS.team)}</th>
        {week.days.map((day) => (
          <th
            key={day}
            scope="col"
            class={day === today ? "week__today" : ""}
            aria-current={day === today ? "date" : undefined}
          >
            {dayName(`${day}T12:00:00Z`, "UTC")}
            {day === today && <span class="badge badge--info">{t(SHIFTS.today)}</span>}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Now({ week, column }: { week: Week; column: number }) {
  const at = columnAt(week, now.value.getTime()) - column;
  return <span class="week__now" style={{ left: `${at * 100}%` }} />;
}

function Ghost({ from, until }: { from: number; until: number }) {
  return <span class="week__ghost" style={{ left: `${from * 100}%`, width: `${(until - from) * 100}%` }} />;
}
