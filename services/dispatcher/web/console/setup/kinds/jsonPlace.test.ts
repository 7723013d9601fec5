import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { firstWrong } from "./jsonPlace.ts";

test("a text that is JSON has no wrong place", () => {
  fc.assert(fc.property(fc.json(), (text) => assert.equal(firstWrong(text), undefined)));
});

test("a text has a wrong place just where it cannot be read", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (text, at, inserted) => {
      const place = at % (text.length + 1);
      const spoilt = text.slice(0, place) + inserted + text.slice(place + 1);
      assert.equal(firstWrong(spoilt) === undefined, isJson(spoilt));
    }),
  );
});

test("a word without quotes, a comma too much and one too few are found where they stand", () => {
  assert.deepEqual(firstWrong('{\n  "type": object\n}'), { line: 2, column: 11 });
  assert.deepEqual(firstWrong('{"a": 1,}'), { line: 1, column: 9 });
  assert.deepEqual(firstWrong('{"a": 1 "b": 2}'), { line: 1, column: 9 });
  assert.deepEqual(firstWrong('{"type": "object"'), { line: 1, column: 18 });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
