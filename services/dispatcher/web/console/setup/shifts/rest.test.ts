import assert from "node:assert/strict";
import { test } from "node:test";
import { type RestWarning, restWords } from "./rest.ts";

const warning: RestWarning = {
  rule: "between_shifts",
  member_id: "m",
  shift_id: "s",
  team_id: "t",
  since: "2026-03-02T15:00:00Z",
  until: "2026-03-03T02:00:00Z",
};
const shift = { starts_at: "2026-03-03T00:00:00Z", ends_at: "2026-03-03T08:00:00Z" };

test("a rest that is over in the shift says when", () => {
  assert.equal(restWords(warning, "Wu Min", "Asia/Shanghai", shift), "Wu Min must rest until 10:00.");
});

test("a rest as long as the shift says that the member does not count in it", () => {
  const short = { ...shift, ends_at: "2026-03-03T02:00:00Z" };
  assert.match(restWords(warning, "Wu Min", "Asia/Shanghai", short), /^Wu Min does not count .* 10:00\.$/);
});

test("a missing free day says since when there was none", () => {
  const days: RestWarning = { ...warning, rule: "days_in_a_row", since: "2026-02-23T00:00:00Z" };
  assert.match(restWords(days, "Wu Min", "Asia/Shanghai", shift), /at work each day since .*23 Feb\.$/);
});
