import assert from "node:assert/strict";
import { test } from "node:test";
import { changedRules, minutesOf, secondsOf, sentRules } from "./draft.ts";

const RULE = {
  what: "overdue",
  enabled: true,
  after_s: 0,
  first_level: "team",
  escalate_after_s: { team: 600, coordinator: null },
  own: false,
  waits_s: 0,
} as const;
const FEVER = { ...RULE, what: "fever", own: true } as const;

test("a field without minutes means never, one with says seconds", () => {
  assert.equal(secondsOf(" "), null);
  assert.equal(secondsOf("-1"), null);
  assert.equal(secondsOf("1.5"), 90);
  assert.equal(minutesOf(null), "");
  assert.equal(minutesOf(90), "1.5");
});

test("only the district's own rules are sent, and what is changed becomes one", () => {
  const changed = new Map([["overdue", { ...RULE, enabled: false, own: true }]]);
  const rules = changedRules([RULE, FEVER], changed);
  assert.deepEqual(
    sentRules(rules, changed).map(({ what, enabled }) => [what, enabled]),
    [
      ["overdue", false],
      ["fever", true],
    ],
  );
  assert.deepEqual(
    sentRules([RULE, FEVER], new Map()).map(({ what }) => what),
    ["fever"],
  );
});
