import assert from "node:assert/strict";
import { test } from "node:test";
import { daysUpTo, MOST_DAYS, rangeOf, spreadOf, wrongWith } from "./figures.ts";

const TODAY = "2026-03-30";

test("days up to today are counted on the calendar, across the end of a month and a change of clocks", () => {
  assert.deepEqual(daysUpTo(TODAY, 1), { from: TODAY, to: TODAY });
  assert.deepEqual(daysUpTo(TODAY, 31), { from: "2026-02-28", to: TODAY });
});

test("an address names its days; one that names none, or such as cannot be shown, means the last fourteen", () => {
  assert.deepEqual(rangeOf("2026-01-01", "2026-01-31", TODAY), { from: "2026-01-01", to: "2026-01-31" });
  const usual = { from: "2026-03-17", to: TODAY };
  assert.deepEqual(rangeOf(undefined, undefined, TODAY), usual);
  for (const [from, to] of [
    ["2026-02-30", "2026-03-02"],
    ["2026-03-02", "2026-03-01"],
    ["2025-01-01", "2026-01-01"],
    ["x", "2026-01-01"],
  ])
    assert.deepEqual(rangeOf(from, to, TODAY), usual);
});

test("what is wrong with typed days is said", () => {
  assert.equal(wrongWith({ from: "", to: TODAY }), "notADay");
  assert.equal(wrongWith({ from: "2026-04-31", to: "2026-05-01" }), "notADay");
  assert.equal(wrongWith({ from: TODAY, to: "2026-03-29" }), "turned");
  assert.equal(wrongWith(daysUpTo(TODAY, MOST_DAYS)), null);
  assert.equal(wrongWith(daysUpTo(TODAY, MOST_DAYS + 1)), "tooMany");
});

test("the spread of visits names the least, the middle and the most", () => {
  assert.deepEqual(spreadOf([9, 1, 4]), { least: 1, middle: 4, most: 9 });
  assert.deepEqual(spreadOf([4, 1]), { least: 1, middle: 2.5, most: 4 });
  assert.deepEqual(spreadOf([7]), { least: 7, middle: 7, most: 7 });
});
