import assert from "node:assert/strict";
import { test } from "node:test";
import { itemCounts, type Row, wholeLedger } from "./ledger.ts";

function row(name: string, address: string, ...items: [code: string, due: number, done: number][]): Row {
  return {
    subject: { name },
    household: { address },
    items: items.map(([code, due, done]) => ({ code, names: { en: code }, due, done })),
    missing: [],
  } as Partial<Record<keyof Row, unknown>> as Row;
}

test("items are counted over everybody; what was done beyond what was due fills nobody else's gap", () => {
  const rows = [
    row("a", "1", ["measured", 2, 1], ["supplied", 0, 1]),
    row("b", "2", ["measured", 2, 3]),
    row("c", "3", ["measured", 1, 0]),
  ];
  assert.deepEqual(itemCounts(rows), [
    { code: "measured", names: { en: "measured" }, due: 5, done: 3, lacking: 2 },
    { code: "supplied", names: { en: "supplied" }, due: 0, done: 0, lacking: 0 },
  ]);
});

test("all pages are read, in the order of the doors", async () => {
  const pages = [
    { items: [row("a", "柳荫街10号"), row("b", "柳荫街9号")], next_cursor: "two" },
    { items: [row("c", "柳荫街1号")], next_cursor: null },
  ];
  const ledger = await wholeLedger(async ({ cursor }) => pages[cursor ? 1 : 0] ?? { items: [] });
  assert.deepEqual(
    ledger.rows.map(({ subject }) => subject.name),
    ["c", "b", "a"],
  );
  assert.equal(ledger.more, false);
});
