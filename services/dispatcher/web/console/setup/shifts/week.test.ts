import assert from "node:assert/strict";
import { test } from "node:test";
import { momentOf, wallClock } from "../../zone.ts";
import { addDays, columnAt, momentAt, moved, overlap, placeIn, spanOf, weekOf } from "./week.ts";

const SHANGHAI = "Asia/Shanghai";
const BERLIN = "Europe/Berlin";
const HOUR = 3_600_000;

test("a week begins on Monday, by the district's clocks", () => {
  const week = weekOf("2026-02-04", SHANGHAI);
  assert.deepEqual([week.days[0], week.days[6]], ["2026-02-02", "2026-02-08"]);
  assert.deepEqual(spanOf(week), { since: "2026-02-01T16:00:00.000Z", until: "2026-02-08T16:00:00.000Z" });
});

test("Sunday belongs to the week before, Monday to the week it begins", () => {
  assert.equal(weekOf("2026-02-08", SHANGHAI).days[0], "2026-02-02");
  assert.equal(weekOf("2026-02-09", SHANGHAI).days[0], "2026-02-09");
});

test("a day shift lies in the second third of its column", () => {
  const week = weekOf("2026-02-04", SHANGHAI);
  const place = placeIn(week, "2026-02-03T08:00:00+08:00", "2026-02-03T16:00:00+08:00");
  assert.deepEqual(place, { from: 1 + 1 / 3, until: 1 + 2 / 3, beganBefore: false, goesOn: false });
});

test("a night shift goes on across midnight without a gap", () => {
  const week = weekOf("2026-02-04", SHANGHAI);
  const place = placeIn(week, "2026-02-03T22:00:00+08:00", "2026-02-04T06:00:00+08:00");
  assert.deepEqual(place, { from: 1 + 22 / 24, until: 2.25, beganBefore: false, goesOn: false });
});

test("what began before the week or goes on after it is cut and says so", () => {
  const week = weekOf("2026-02-04", SHANGHAI);
  const before = placeIn(week, "2026-02-01T22:00:00+08:00", "2026-02-02T06:00:00+08:00");
  const after = placeIn(week, "2026-02-08T18:00:00+08:00", "2026-02-09T06:00:00+08:00");
  assert.deepEqual(before, { from: 0, until: 0.25, beganBefore: true, goesOn: false });
  assert.deepEqual(after, { from: 6.75, until: 7, beganBefore: false, goesOn: true });
});

test("what only touches the week is not in it", () => {
  const week = weekOf("2026-02-04", SHANGHAI);
  assert.equal(placeIn(week, "2026-02-01T16:00:00+08:00", "2026-02-02T00:00:00+08:00"), null);
  assert.equal(placeIn(week, "2026-02-09T00:00:00+08:00", "2026-02-09T08:00:00+08:00"), null);
});

test("the day on which clocks go forward lasts 23 hours and fills its column", () => {
  const week = weekOf("2026-03-29", BERLIN);
  assert.equal((week.bounds[7] as number) - (week.bounds[6] as number), 23 * HOUR);
  const place = placeIn(week, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00");
  assert.deepEqual(place, { from: 6, until: 7, beganBefore: false, goesOn: false });
});

test("the day on which clocks go back lasts 25 hours, and 08:00 lies 9 of them in", () => {
  const week = weekOf("2026-10-25", BERLIN);
  assert.equal((week.bounds[7] as number) - (week.bounds[6] as number), 25 * HOUR);
  assert.equal(columnAt(week, momentOf("2026-10-25T08:00", BERLIN)), 6 + 9 / 25);
});

test("shifts that follow one another on a day of 25 hours are drawn one after the other", () => {
  const week = weekOf("2026-10-25", BERLIN);
  const night = placeIn(week, "2026-10-25T00:00:00+02:00", "2026-10-25T08:00:00+01:00");
  const early = placeIn(week, "2026-10-25T08:00:00+01:00", "2026-10-25T16:00:00+01:00");
  assert.equal(night?.until, early?.from);
});

test("in zones whose midnight is left out a day begins when it begins", () => {
  const week = weekOf("2018-11-04", "America/Sao_Paulo");
  assert.equal(wallClock(week.bounds[6] as number, "America/Sao_Paulo"), "2018-11-04T01:00");
});

test("a shift copied a week on keeps its times by the clock", () => {
  const copy = moved("2026-03-24T08:00:00+01:00", 7, BERLIN);
  assert.equal(new Date(copy).toISOString(), "2026-03-31T06:00:00.000Z");
});

test("a click in a column is the nearest half hour of that day", () => {
  const week = weekOf("2026-02-04", SHANGHAI);
  assert.equal(wallClock(momentAt(week, 2.34, 30), SHANGHAI), "2026-02-04T08:00");
  assert.equal(wallClock(momentAt(week, 7, 30), SHANGHAI), "2026-02-09T00:00");
  assert.equal(wallClock(momentAt(week, -1, 30), SHANGHAI), "2026-02-02T00:00");
});

test("days are added across months and leap days", () => {
  assert.equal(addDays("2028-02-28", 2), "2028-03-01");
  assert.equal(addDays("2026-01-01", -1), "2025-12-31");
});

test("spans that only touch do not overlap", () => {
  assert.ok(!overlap({ from: 0, until: 8 }, { from: 8, until: 16 }));
  assert.ok(overlap({ from: 0, until: 9 }, { from: 8, until: 16 }));
});
