import assert from "node:assert/strict";
import { test } from "node:test";
import type { PhoneRoute, Task } from "../route-overlay.ts";
import { asked, fromBefore } from "./ending.ts";

const AT = (clock: string) => `2026-03-01T${clock}:00Z`;
const ENDING = { shift_id: "s", ends_at: AT("16:00"), asks_from: AT("15:30") };

function task(id: string, given: Partial<Task> = {}): Task {
  const plain = { accepted: true, pinned: false, under_way: false, kept: false, gone: false, assigned_at: AT("12:00") };
  return { id, ...plain, handovers: [], ...given } as unknown as Task;
}

function route(...doors: Task[][]): PhoneRoute {
  const stops = doors.map((tasks, place) => ({ key: `d${place}`, break: false, tasks }));
  return { ending: ENDING, stops } as unknown as PhoneRoute;
}

const ids = (shown: ReturnType<typeof asked>) => shown?.doors.map((door) => door.tasks.map(({ id }) => id).join());

test("nothing is asked before its time, nor where no shift ends", () => {
  const there = route([task("a")]);
  assert.equal(asked(there, Date.parse(AT("15:29"))), null);
  assert.deepEqual(ids(asked(there, Date.parse(AT("15:30")))), ["a"]);
  assert.equal(asked({ ...there, ending: null }, Date.parse(AT("15:45"))), null);
  assert.equal(asked(null, Date.parse(AT("15:45"))), null);
});

test("asked is what the end leaves with the team, door by door, until somebody has said", () => {
  const there = route(
    [task("a"), task("b", { kept: true })],
    [task("free", { accepted: false })],
    [task("pinned", { accepted: false, pinned: true })],
    [task("going", { accepted: false, under_way: true })],
    [task("gone", { gone: true })],
    [task("tomorrow", { assigned_at: AT("16:30") })],
  );
  assert.deepEqual(ids(asked(there, Date.parse(AT("15:45")))), ["a", "pinned", "going"]);
});

test("what is still open after the end is still asked about", () => {
  const shown = asked(route([task("a")]), Date.parse(AT("17:00")));
  assert.equal(shown?.over, true);
});

test("every note from teams before is read, and of those without one the last", () => {
  const came = (from_team: string, note: string | null) => ({ from_team, at: AT("08:00"), note });
  const of = (...handovers: Task["handovers"]) => fromBefore(task("a", { handovers })).map((one) => one.from_team);
  assert.deepEqual(of(), []);
  assert.deepEqual(of(came("1", ""), came("2", "dog"), came("3", ""), came("4", null)), ["2", "4"]);
});
