import assert from "node:assert/strict";
import { test } from "node:test";
import { language } from "../../../texts/language.ts";
import { daysSaid, draftsOf, type Line, lineSaid, newLine, readDays, readLine, readTimes } from "./lines.ts";

const TWICE: Line = { kind: "temperature_check", times: ["08:00", "16:00"], every: 1, days: null };

test("times are read as people write them, each once and in order", () => {
  assert.deepEqual(readTimes("16:00, 8、08:00"), ["08:00", "16:00"]);
  assert.deepEqual(readTimes("8：30"), ["08:30"]);
  for (const wrong of ["", "24:00", "8:60", "noon", "8:5", "-1"]) assert.equal(readTimes(wrong), undefined, wrong);
});

test("days are read from both ends, each once", () => {
  assert.deepEqual(readDays("1, 4、-1 4"), [1, 4, -1]);
  assert.deepEqual(readDays("−1"), [-1]);
  for (const wrong of ["", "0", "1.5", "last", "367"]) assert.equal(readDays(wrong), undefined, wrong);
});

test("what is typed comes back as what was sent", () => {
  const lines: Line[] = [
    TWICE,
    { kind: "isolation_visit", times: ["10:00"], every: 3, days: null },
    { kind: "release", times: ["09:00"], every: 1, days: [1, -1] },
  ];
  assert.deepEqual(
    draftsOf(lines).map((draft) => readLine(draft).line),
    lines,
  );
});

test("a line says which of its parts are wrong", () => {
  const draft = { ...newLine(), times: "soon", how: "chosen" as const, days: "0" };
  assert.deepEqual(readLine(draft), { line: undefined, wrong: ["kind", "times", "days"] });
  assert.deepEqual(readLine({ ...newLine(), kind: "notice", how: "every", every: "0" }).wrong, ["every"]);
});

test("a line is told in plain words", () => {
  const name = (code: string) => code;
  language.value = "en";
  assert.equal(lineSaid(TWICE, name), "temperature_check: every day at 08:00 and 16:00");
  assert.equal(daysSaid({ every: 2, days: null }), "every other day");
  assert.equal(
    daysSaid({ every: 1, days: [-1, 4, 1, -2] }),
    "on the first day, day 4, day 2 from the end and the last day",
  );
  language.value = "zh";
  assert.equal(lineSaid(TWICE, name), "temperature_check：每天 08:00、16:00");
  assert.equal(daysSaid({ every: 1, days: [1, 4, -1] }), "第一天、第 4 天和最后一天");
  language.value = "en";
});
