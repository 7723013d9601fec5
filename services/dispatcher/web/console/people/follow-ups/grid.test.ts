import assert from "node:assert/strict";
import { test } from "node:test";
import { groupsOf, itemState, type Occurrence, rowsOf } from "./grid.ts";

function occurrence(day: number, kind: string, time: string): Occurrence {
  return { day, kind, time, names: { en: kind }, state: "planned" } as Partial<Occurrence> as Occurrence;
}

const OCCURRENCES = [
  occurrence(1, "visit", "10:00"),
  occurrence(1, "measure", "16:00"),
  occurrence(2, "measure", "08:00"),
  occurrence(2, "measure", "16:00"),
];

test("kinds come by their earliest time, each with its times", () => {
  assert.deepEqual(
    groupsOf(OCCURRENCES).map(({ kind, times }) => [kind, times]),
    [
      ["measure", ["08:00", "16:00"]],
      ["visit", ["10:00"]],
    ],
  );
});

test("every day of the plan has a row, also one with nothing", () => {
  const plan = { first_day: "2026-02-27", days: 3, occurrences: OCCURRENCES, ledger_days: [] };
  const rows = rowsOf(plan, groupsOf(OCCURRENCES));
  assert.deepEqual(
    rows.map(({ day, onDay, cells }) => [day, onDay, cells.map((cell) => cell?.time)]),
    [
      [1, "2026-02-27", [undefined, "16:00", "10:00"]],
      [2, "2026-02-28", ["08:00", "16:00", undefined]],
      [3, "2026-03-01", [undefined, undefined, undefined]],
    ],
  );
});

test("what a change cut off stays to be seen", () => {
  const plan = { first_day: "2026-02-27", days: 1, occurrences: OCCURRENCES, ledger_days: [] };
  assert.equal(rowsOf(plan, groupsOf(OCCURRENCES)).length, 2);
  assert.deepEqual(rowsOf({ ...plan, occurrences: [] }, []).length, 1);
});

test("an item lacks while its day lasts and is missing after it", () => {
  assert.equal(itemState({ due: 2, done: 1 }, true), "lacking");
  assert.equal(itemState({ due: 2, done: 1 }, false), "missing");
  assert.equal(itemState({ due: 1, done: 2 }, false), "done");
  assert.equal(itemState({ due: 0, done: 0 }, true), "none");
  assert.equal(itemState({ due: 0, done: 1 }, false), "extra");
});
