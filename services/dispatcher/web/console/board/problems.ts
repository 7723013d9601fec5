/** What is wrong now, worst first: counted from the open tasks and from how the teams stand. */

import type { Overview, TaskPoint, TeamGlance } from "../model.ts";
import { dueOf, type Filter, isDueSoon, type Moment } from "./filter.ts";

/** Waiting for these reasons is what tasks do; nobody needs to act. */
const CALM_REASONS: ReadonlySet<string> = new Set(["being_planned", "opens_later"]);
/** What a coordinator can mend soonest stands first. */
const REASONS = [
  "no_team_on_shift",
  "role_missing",
  "capability_missing",
  "all_teams_full",
  "no_location",
  "outside_every_grid",
] as const;

export type TaskProblem = {
  readonly about: "tasks";
  readonly what: "overdue" | "soon" | "planned_late" | (typeof REASONS)[number];
  readonly bad: boolean;
  readonly count: number;
  /** What the list and the map show when it is chosen. */
  readonly filter: Partial<Filter>;
};

export type TeamProblem = {
  readonly about: "teams";
  readonly what: "short" | "silent" | "late";
  readonly bad: boolean;
  readonly count: number;
  readonly teams: readonly TeamGlance[];
};

export type WrongNow = TaskProblem | TeamProblem;

export function problemsOf(
  points: Iterable<TaskPoint>,
  overview: Overview | null,
  moment: Moment,
): { wrong: WrongNow[]; calm: ReadonlyMap<string, number> } {
  const due = { overdue: 0, soon: 0, planned_late: 0 };
  const waiting = new Map<string, number>();
  for (const point of points) {
    const stands = dueOf(point, moment);
    if (stands === "overdue" || stands === "planned_late") due[stands] += 1;
    if (isDueSoon(point, moment)) due.soon += 1;
    const reason = point.waiting_reason;
    if (reason) waiting.set(reason, (waiting.get(reason) ?? 0) + 1);
  }
  const wrong: WrongNow[] = [
    ofDue("overdue", due.overdue, true),
    ...REASONS.map((reason) => ofReason(reason, waiting.get(reason) ?? 0)),
    ofDue("planned_late", due.planned_late, false),
    ofDue("soon", due.soon, false),
    ...teamProblems(overview?.teams ?? []),
  ];
  const calm = new Map([...waiting].filter(([reason]) => CALM_REASONS.has(reason)));
  return { wrong: wrong.filter(({ count }) => count > 0), calm };
}

function ofDue(what: "overdue" | "soon" | "planned_late", count: number, bad: boolean): TaskProblem {
  return { about: "tasks", what, bad, count, filter: { due: what } };
}

function ofReason(what: (typeof REASONS)[number], count: number): TaskProblem {
  return { about: "tasks", what, bad: true, count, filter: { reason: what } };
}

function teamProblems(teams: readonly TeamGlance[]): TeamProblem[] {
  const ofTeams = (what: TeamProblem["what"], bad: boolean, has: (team: TeamGlance) => boolean): TeamProblem => {
    const those = teams.filter(has);
    return { about: "teams", what, bad, count: those.length, teams: those };
  };
  return [
    ofTeams("short", true, (team) => team.on_shift && team.roles_missing.length > 0),
    ofTeams("silent", true, (team) => team.silent),
    ofTeams("late", false, (team) => team.late > 0),
  ];
}
