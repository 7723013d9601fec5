import assert from "node:assert/strict";
import { test } from "node:test";
import { either } from "./either.ts";

const known = Object.getOwnPropertyDescriptor(AbortSignal, "any");

for (const has of [true, false])
  test(`either of two aborts, in a browser that ${has ? "knows" : "does not know"} AbortSignal.any`, (t) => {
    t.after(() => known && Object.defineProperty(AbortSignal, "any", known));
    if (!has) Reflect.deleteProperty(AbortSignal, "any");
    for (const which of [0, 1]) {
      const two = [new AbortController(), new AbortController()] as const;
      const signal = either(two[0].signal, two[1].signal);
      assert.equal(signal.aborted, false);
      two[which]?.abort("late");
      assert.equal(signal.aborted, true);
      assert.equal(signal.reason, "late");
    }
    assert.equal(either(AbortSignal.abort(), new AbortController().signal).aborted, true);
  });
