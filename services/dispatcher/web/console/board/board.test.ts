import assert from "node:assert/strict";
import { test } from "node:test";
import type { Overview, TaskPoint, TeamGlance } from "../model.ts";
import { dueOf, isFiltering, NO_FILTER, shownOf } from "./filter.ts";
import { problemsOf } from "./problems.ts";
import { ticked } from "./ticking.ts";
import { rowsSeen, scrollTo } from "./window.ts";

const AT = Date.parse("2026-03-01T12:00:00Z");
const MOMENT = { at: AT, soonMs: 30 * 60_000 };
let made = 0;

function task(minutesLeft: number, more: Partial<TaskPoint> = {}): TaskPoint {
  made += 1;
  return {
    id: `task-${made}`,
    district_id: "d",
    kind: "home_swab",
    channel: "visit",
    status: "assigned",
    waiting_reason: null,
    lat: 31,
    lon: 121,
    household_id: null,
    grid_id: null,
    team_id: "t",
    stop: 1,
    begin_at: null,
    earliest: "2026-03-01T08:00:00Z",
    due_at: new Date(AT + minutesLeft * 60_000).toISOString(),
    priority: 3,
    pinned: false,
    version: 1,
    ...more,
  };
}

function glance(more: Partial<TeamGlance>): TeamGlance {
  return {
    team_id: "t",
    code: "01",
    name: "Team",
    on_shift: true,
    shift_ends: null,
    roles_on_duty: [],
    roles_missing: [],
    kept_off: [],
    tasks: 3,
    late: 0,
    free_at: null,
    visits_left: null,
    place: null,
    place_age_s: null,
    heard_at: null,
    silent: false,
    ...more,
  };
}

test("the list begins with what is due first, and the more urgent of what is due together", () => {
  const [later, urgent, plain] = [task(60), task(10, { priority: 5 }), task(10)] as const;
  assert.deepEqual(
    shownOf([later, plain, urgent], NO_FILTER, MOMENT).map(({ id }) => id),
    [urgent.id, plain.id, later.id],
  );
});

test("filters narrow together", () => {
  const wanted = task(-5, { kind: "trace_call", grid_id: "g" });
  const all = [wanted, task(-5, { kind: "trace_call" }), task(5, { kind: "trace_call", grid_id: "g" })];
  const shown = shownOf(all, { ...NO_FILTER, kind: "trace_call", grid: "g", due: "overdue" }, MOMENT);
  assert.deepEqual(shown, [wanted]);
});

test("what a search found is all that is shown, and nothing found shows nothing", () => {
  const one = task(5);
  assert.deepEqual(shownOf([one, task(5)], { ...NO_FILTER, text: "x", found: new Set([one.id]) }, MOMENT), [one]);
  assert.deepEqual(shownOf([one], { ...NO_FILTER, text: "x", found: new Set() }, MOMENT), []);
});

test("a task is planned late when its team begins it after it is due, unless the team is there", () => {
  const begin_at = new Date(AT + 50 * 60_000).toISOString();
  assert.equal(dueOf(task(40, { begin_at }), MOMENT), "planned_late");
  assert.equal(dueOf(task(40, { begin_at, status: "in_progress" }), MOMENT), null);
  assert.equal(dueOf(task(60, { begin_at }), MOMENT), null);
});

test("what is wrong names overdue tasks first, then why tasks wait, and leaves calm waiting aside", () => {
  const points = [
    task(-1),
    task(10),
    task(600, { status: "pending", team_id: null, waiting_reason: "all_teams_full" }),
    task(600, { status: "pending", team_id: null, waiting_reason: "opens_later" }),
  ];
  const { wrong, calm } = problemsOf(points, null, MOMENT);
  assert.deepEqual(
    wrong.map(({ what, count }) => [what, count]),
    [
      ["overdue", 1],
      ["all_teams_full", 1],
      ["soon", 1],
    ],
  );
  assert.deepEqual([...calm], [["opens_later", 1]]);
});

test("teams short of a role, silent phones and late teams are named; a team off shift is not short", () => {
  const teams = [
    glance({ roles_missing: ["doctor"] }),
    glance({ on_shift: false, roles_missing: ["doctor"] }),
    glance({ silent: true, late: 2 }),
  ];
  const { wrong } = problemsOf([], { teams } as unknown as Overview, MOMENT);
  assert.deepEqual(
    wrong.map(({ what, count }) => [what, count]),
    [
      ["short", 1],
      ["silent", 1],
      ["late", 1],
    ],
  );
});

test("nothing is wrong in a quiet district", () => {
  assert.deepEqual(problemsOf([task(600)], { teams: [glance({})] } as unknown as Overview, MOMENT).wrong, []);
});

test("a filter is one as soon as it leaves something out", () => {
  assert.equal(isFiltering(NO_FILTER), false);
  assert.equal(isFiltering({ ...NO_FILTER, found: new Set() }), false);
  assert.equal(isFiltering({ ...NO_FILTER, text: "a" }), true);
});

test("of five thousand rows only those in sight and a few around them are drawn", () => {
  const { first, end } = rowsSeen(2500 * 52, 500, 52, 5000);
  assert.ok(first <= 2500 && first >= 2480);
  assert.ok(end >= 2510 && end <= 2530);
  assert.deepEqual(rowsSeen(9999, 500, 52, 0), { first: 0, end: 0 });
});

test("a row in sight does not move the list, one beyond its edge moves it just so far", () => {
  assert.equal(scrollTo(5, 100, 500, 50), 100);
  assert.equal(scrollTo(1, 100, 500, 50), 50);
  assert.equal(scrollTo(12, 100, 500, 50), 150);
});

test("ticking with shift takes all rows from the last one ticked, and takes them away again", () => {
  const ids = ["a", "b", "c", "d"];
  const one = ticked(new Set(), ids, 1, null);
  const three = ticked(one, ids, 3, 1);
  assert.deepEqual([...three].sort(), ["b", "c", "d"]);
  assert.deepEqual([...ticked(three, ids, 2, 3)], ["b"]);
});
