import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { day as dayName } from "../../../ui/time.ts";
import { mayChange, type Team } from "../../model.ts";
import type { Draft, Shift } from "./plan.ts";
import type { ShiftShown } from "./ShiftForm.tsx";
import { stepTo } from "./stepping.ts";
import { drawn, keyOf, ROUND_MINUTES, TeamRow } from "./TeamRow.tsx";
import { useDrag } from "./useDrag.ts";
import { type Day, firstDay, momentAt, type Week } from "./week.ts";

interface WeekTableProps {
  week: Week;
  today: Day;
  teams: readonly Team[];
  shifts: readonly Shift[];
  drafts: readonly Draft[];
  show: (shown: ShiftShown) => void;
}

const NOTHING: readonly never[] = [];

/** The week as a table: a row for each team, a column for each day, blocks for shifts. One stop for the Tab key; arrow keys go on from there. */
export function WeekTable({ week, today, teams, shifts, drafts, show }: WeekTableProps) {
  const [current, setCurrent] = useState("");
  const byTeam = useMemo(() => grouped([...shifts, ...drafts]), [shifts, drafts]);
  const drag = useDrag((team, from, until) =>
    show(drawn(team, week, momentAt(week, from, ROUND_MINUTES), momentAt(week, until, ROUND_MINUTES))),
  );
  const scrolled = useTodayInSight(week, today);
  const stop = isThere(current, week, teams, [...shifts, ...drafts]) ? current : firstKey(week, teams, byTeam);
  const stopTeam = teams.find(({ id }) => stop.startsWith(id))?.id ?? teamOf(stop, byTeam);
  return (
    <>
      {mayChange.value && <p class="setup__quiet">{t(SHIFTS.how)}</p>}
      <div class="week" ref={scrolled}>
        <table class="week__table">
          <caption class="visually-hidden">{t(SHIFTS.table)}</caption>
          <WeekHead week={week} today={today} />
          <tbody
            onKeyDown={stepTo}
            onFocusIn={(event) => {
              const key = (event.target as HTMLElement).dataset.key;
              if (key) setCurrent(key);
            }}
          >
            {teams.map((team) => (
              <TeamRow
                key={team.id}
                team={team}
                week={week}
                today={today}
                shifts={byTeam.get(team.id) ?? NOTHING}
                stop={team.id === stopTeam ? stop : undefined}
                drag={drag}
                show={show}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** On a narrow screen the week is wider than what is seen of it. */
function useTodayInSight(week: Week, today: Day) {
  const scrolled = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const heads = scrolled.current?.querySelectorAll<HTMLElement>("thead th") ?? [];
    const [team, shown] = [heads[0], heads[week.days.indexOf(today) + 1]];
    if (scrolled.current && team && shown && shown !== team)
      scrolled.current.scrollLeft = shown.offsetLeft - team.clientWidth;
  }, [firstDay(week)]);
  return scrolled;
}

function grouped(all: readonly (Shift | Draft)[]): Map<string, (Shift | Draft)[]> {
  const groups = new Map<string, (Shift | Draft)[]>();
  for (const one of all) groups.set(one.team_id, [...(groups.get(one.team_id) ?? []), one]);
  return groups;
}

type Groups = ReadonlyMap<string, readonly (Shift | Draft)[]>;

function isThere(key: string, week: Week, teams: readonly Team[], all: readonly (Shift | Draft)[]): boolean {
  const isDay = mayChange.value && teams.some((team) => week.days.some((day) => key === keyOf(team, day)));
  return isDay || all.some(({ id }) => id === key);
}

/** Where the Tab key arrives at first: the first day, or, where nothing may be added, the first shift. */
function firstKey(week: Week, teams: readonly Team[], byTeam: Groups): string {
  if (mayChange.value && teams[0]) return keyOf(teams[0], firstDay(week));
  return teams.flatMap((team) => byTeam.get(team.id)?.[0]?.id ?? [])[0] ?? "";
}

function teamOf(key: string, byTeam: Groups): string | undefined {
  for (const [team, shifts] of byTeam) if (shifts.some(({ id }) => id === key)) return team;
  return undefined;
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
