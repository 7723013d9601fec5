import assert from "node:assert/strict";
import { test } from "node:test";
import { countAll } from "./counts.ts";

const item = (...missing: string[]) => ({ missing });

test("people are counted over all pages, and those who lack something", async () => {
  const pages = new Map([
    [undefined, { items: [item(), item("measured")], next_cursor: "two" }],
    ["two", { items: [item("measured", "visited")], next_cursor: null }],
  ]);
  const asked: (string | undefined)[] = [];
  const counts = await countAll(async ({ cursor }) => {
    asked.push(cursor);
    return pages.get(cursor as undefined) ?? { items: [] };
  });
  assert.deepEqual(counts, { live: 3, lacking: 2, more: false });
  assert.deepEqual(asked, [undefined, "two"]);
});

test("counting stops somewhere, and says so", async () => {
  let asked = 0;
  const counts = await countAll(async () => {
    asked += 1;
    return { items: [item()], next_cursor: "more" };
  });
  assert.equal(asked, 10);
  assert.deepEqual(counts, { live: 10, lacking: 0, more: true });
});
