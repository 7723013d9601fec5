import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schemas } from "../../api/client.ts";
import { groupsOf } from "./groups.ts";

type Level = Schemas["AlarmLevel"];
type Code = Schemas["AlarmCode"];

function alarm(id: string, level: Level, what: Code, minute: number, by: string | null = null) {
  const at = `2026-02-03T08:${String(minute).padStart(2, "0")}:00Z`;
  return {
    id,
    level,
    what,
    raised_at: at,
    acknowledged: by === null ? null : { at, account_id: null, member_id: null, name: by },
  };
}

test("what the lead is told stands first, and of one level the sort that stands longest", () => {
  const { open } = groupsOf([
    alarm("a", "coordinator", "fever", 20),
    alarm("b", "coordinator", "overdue", 10),
    alarm("c", "lead", "unassigned", 30),
    alarm("d", "coordinator", "overdue", 40),
  ]);
  assert.deepEqual(
    open.map(({ what, alarms }) => [what, ...alarms.map(({ id }) => id)]),
    [
      ["unassigned", "c"],
      ["overdue", "b", "d"],
      ["fever", "a"],
    ],
  );
});

test("one sort on two levels is two groups", () => {
  const { open } = groupsOf([alarm("a", "coordinator", "overdue", 1), alarm("b", "lead", "overdue", 2)]);
  assert.deepEqual(
    open.map(({ level }) => level),
    ["lead", "coordinator"],
  );
});

test("what only teams were told of, and what somebody looks at, is nobody else's to do", () => {
  const { open, withTeams, taken } = groupsOf([
    alarm("a", "team", "due_soon", 1),
    alarm("b", "lead", "fever", 2, "Wang Fang"),
    alarm("c", "team", "overdue", 3, "Li Lei"),
  ]);
  assert.deepEqual(open, []);
  assert.deepEqual(
    withTeams.map(({ id }) => id),
    ["a"],
  );
  assert.deepEqual(
    taken.map(({ id }) => id),
    ["b", "c"],
  );
});
