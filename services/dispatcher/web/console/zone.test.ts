import assert from "node:assert/strict";
import { test } from "node:test";
import { momentOf, wallClock } from "./zone.ts";

const BERLIN = "Europe/Berlin";
const HOUR = 3_600_000;

test("a time that the clocks leave out is read as much later as they go forward", () => {
  assert.equal(wallClock(momentOf("2026-03-29T02:30", BERLIN), BERLIN), "2026-03-29T03:30");
});

test("a time that the clocks show twice is the first of both", () => {
  assert.equal(new Date(momentOf("2026-10-25T02:30", BERLIN)).toISOString(), "2026-10-25T00:30:00.000Z");
});

test("wall clocks and moments turn into one another for every hour of a year with two changes", () => {
  for (const zone of [BERLIN, "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]) {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += HOUR) {
      const local = wallClock(at, zone);
      assert.equal(wallClock(momentOf(local, zone), zone), local);
      assert.ok(at - momentOf(local, zone) <= HOUR && at >= momentOf(local, zone));
    }
  }
});
