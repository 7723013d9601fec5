import assert from "node:assert/strict";
import { test } from "node:test";
import type { Problem } from "../../api/client.ts";
import { counted, type Import, notTaken, toSend, type Verdict } from "./importing.ts";

interface Twin {
  readonly taskId: string | null;
  readonly row: number | null;
}
type Good = Verdict<Twin>;

const problem = { code: "invalid", title: "Some fields are not valid." } as Problem;

function verdict(number: number, is: Verdict<Twin>["is"], more: Partial<Verdict<Twin>> = {}): Verdict<Twin> {
  return {
    row: { number, cells: [`row ${number}`] },
    is,
    problem: is === "bad" ? problem : null,
    note: null,
    repeat: null,
    ...more,
  };
}

const twin = { taskId: "t1", row: null };
const verdicts = [
  verdict(2, "good"),
  verdict(3, "bad"),
  verdict(4, "known"),
  verdict(5, "good", { note: twin }),
  verdict(6, "good"),
];

function table(more: Partial<Import<Twin>>): Import<Twin> {
  const nothing = {
    name: "a.csv",
    districtId: "d",
    about: "",
    encoding: null,
    table: null,
    chunks: [],
    error: undefined,
  };
  return { ...nothing, stage: "checked", verdicts, skipNoted: false, ...more };
}

const rows = (found: readonly { row: { number: number } }[]) => found.map(({ row }) => row.number);

test("good rows are sent; likely duplicates too, unless they are left out", () => {
  assert.deepEqual(rows(toSend(table({}))), [2, 5, 6]);
  assert.deepEqual(rows(toSend(table({ skipNoted: true }))), [2, 6]);
});

test("what was not taken is told in the order of the file, each with its reason", () => {
  const [first, , , fourth, fifth] = verdicts as [Good, Good, Good, Good, Good];
  const items = [
    { row: 2, status: "created", id: "x", problem: null, repeats_row: null },
    { row: 3, status: "rejected", id: null, problem, repeats_row: null },
  ] as const;
  const sent = { verdicts: [first, fourth], body: "", key: "k", items: [...items] };
  const waiting = { verdicts: [fifth], body: "", key: "l", items: null };
  const stopped = table({ chunks: [sent, waiting] as unknown as Import<Twin>["chunks"] });
  assert.deepEqual(
    notTaken(stopped).map(({ row, why }) => [row.number, why]),
    [
      [3, problem],
      [5, problem],
      [6, "not_sent"],
    ],
  );
  assert.deepEqual(counted(stopped), { created: 1, merged: 0, repeated: 1, sent: 2, toSend: 3 });
});

test("a duplicate that was left out is given back, one that was there already is not", () => {
  assert.deepEqual(rows(notTaken(table({ skipNoted: true }))), [3, 5]);
});
