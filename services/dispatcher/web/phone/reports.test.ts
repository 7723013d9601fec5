import assert from "node:assert/strict";
import { test } from "node:test";
import { placeIn } from "./place.ts";
import { deviceTime, newReportId } from "./reports.ts";

test("report ids are UUIDs of version 7 that sort by time", () => {
  const early = newReportId(1_770_000_000_000);
  const late = newReportId(1_770_000_000_001);
  assert.match(early, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(early < late);
  assert.equal(Number.parseInt(early.replaceAll("-", "").slice(0, 12), 16), 1_770_000_000_000);
});

test("the phone's time says its offset and is the same moment", () => {
  const now = new Date(1_770_000_000_123);
  const text = deviceTime(now);
  assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
  assert.equal(Date.parse(text), now.getTime());
});

test("an address leads to its tab and screen, an unknown one to the next door", () => {
  assert.deepEqual(placeIn("#route/stop/a%2F1"), { tab: "route", screen: "stop", id: "a/1" });
  assert.deepEqual(placeIn("#me"), { tab: "me", screen: null, id: null });
  for (const odd of ["", "#", "#nowhere/x/y", "#%zz", "#link=abc"])
    assert.deepEqual(placeIn(odd), { tab: "now", screen: null, id: null });
});
