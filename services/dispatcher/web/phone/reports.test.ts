import assert from "node:assert/strict";
import { test } from "node:test";
import { placeIn } from "./place.ts";
import { deviceTime } from "./reports.ts";

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
