import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { routeChange } from "./route-changes.ts";

const NONE: ReadonlySet<string> = new Set();
const seen = (order: string, closed = "") => ({ order: [...order], closed: [...closed] });

test("the same route is no change", () => {
  assert.equal(routeChange(seen("abc"), [..."abc"], NONE, NONE), null);
});

test("what came and what was taken away is named", () => {
  const change = routeChange(seen("abc"), [..."bdc"], NONE, NONE);
  assert.deepEqual(change, { added: ["d"], moved_away: ["a"], done_by_team: [], reordered: false });
});

test("another order of the same doors is a change", () => {
  assert.equal(routeChange(seen("abc"), [..."acb"], NONE, NONE)?.reordered, true);
});

test("what a colleague recorded was not taken away, and alone is nothing to tell", () => {
  assert.equal(routeChange(seen("abc", "b"), [..."ac"], NONE, NONE), null);
  assert.deepEqual(routeChange(seen("abc", "b"), [..."acd"], NONE, NONE)?.done_by_team, ["b"]);
});

test("what the member recorded or declined surprises nobody, gone or back again", () => {
  assert.equal(routeChange(seen("abc"), [..."bc"], new Set("a"), NONE), null);
  assert.equal(routeChange(seen("abc"), [..."bca"], new Set("a"), NONE), null);
});

test("a door that the team set out for may come first without a word", () => {
  assert.equal(routeChange(seen("abc"), [..."cab"], NONE, new Set("c")), null);
});

test("each task is named at most once, and only where the two routes differ", () => {
  const routes = fc.uniqueArray(fc.constantFrom(..."abcdefgh"));
  fc.assert(
    fc.property(routes, routes, routes, (before, now, closed) => {
      const change = routeChange({ order: before, closed }, now, NONE, NONE);
      if (change === null) return;
      const named = [...change.added, ...change.moved_away, ...change.done_by_team];
      assert.equal(new Set(named).size, named.length);
      for (const id of named) assert.notEqual(before.includes(id), now.includes(id));
    }),
  );
});
