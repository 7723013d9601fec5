import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "./lines.ts";
import { isDueOn, previewOf } from "./preview.ts";

const LINES: Line[] = [
  { kind: "temperature_check", times: ["16:00", "08:00"], every: 1, days: null },
  { kind: "isolation_visit", times: ["08:00"], every: 3, days: null },
  { kind: "release", times: ["09:00"], every: 1, days: [-1] },
];

test("the first days and the last are shown, days that are alike together", () => {
  assert.deepEqual(
    previewOf(LINES, 14).map(({ from, to }) => [from, to]),
    [
      [1, 1],
      [2, 3],
      [4, 4],
      [5, 6],
      [7, 7],
      [8, 9],
      [14, 14],
    ],
  );
  const [daily] = LINES;
  assert.deepEqual(
    previewOf(daily ? [daily] : [], 366).map(({ from, to }) => [from, to]),
    [[1, 366]],
  );
});

test("what is due on a day comes by the clock", () => {
  const [first, second] = previewOf(LINES, 2);
  assert.deepEqual(first?.due, [
    { time: "08:00", kinds: ["temperature_check", "isolation_visit"] },
    { time: "16:00", kinds: ["temperature_check"] },
  ]);
  assert.deepEqual(second?.due[1], { time: "09:00", kinds: ["release"] });
});

test("days are counted from both ends, and those beyond the plan are none", () => {
  assert.ok(isDueOn({ every: 1, days: [-2] }, 6, 7));
  assert.ok(!isDueOn({ every: 1, days: [9] }, 2, 7));
  assert.ok(isDueOn({ every: 3, days: null }, 4, 7));
  assert.ok(!isDueOn({ every: 3, days: null }, 3, 7));
});
