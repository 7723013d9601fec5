import assert from "node:assert/strict";
import { test } from "node:test";
import { chunks } from "./chunks.ts";
import { decode, NoTable, read, rejectedTable, repeatsWithin, written } from "./table.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("UTF-8 with and without its mark, and the GB18030 of Chinese spreadsheets, are read and named", () => {
  assert.deepEqual(decode(bytes("kind\n上门")), { text: "kind\n上门", encoding: "UTF-8" });
  assert.deepEqual(decode(bytes("\ufeffkind\n上门")), { text: "kind\n上门", encoding: "UTF-8 (BOM)" });
  const gb = new Uint8Array([0x6b, 0x0a, 0xc9, 0xcf, 0xc3, 0xc5]);
  assert.deepEqual(decode(gb), { text: "k\n上门", encoding: "GB18030" });
});

test("what is no text is refused with a reason", () => {
  assert.throws(() => decode(new Uint8Array([0xff, 0xfe, 0x00, 0xd8, 0xff])), { name: "Error", why: "notText" });
});

test("rows keep the numbers that a spreadsheet shows, empty ones are left out, quoted line ends belong to their cell", () => {
  const table = read('kind,instructions\nnotice,"one\ntwo"\n\n,\ndelivery,"a ""b"""\n');
  assert.deepEqual(table.header, ["kind", "instructions"]);
  assert.deepEqual(table.rows, [
    { number: 2, cells: ["notice", "one\ntwo"] },
    { number: 5, cells: ["delivery", 'a "b"'] },
  ]);
});

test("semicolons and tabs are understood, and sent as commas", () => {
  for (const mark of [";", "\t"]) {
    const table = read(`kind${mark}household_address\nnotice${mark}"1, High Street"\n`);
    assert.equal(written(table.header, table.rows), 'kind,household_address\r\nnotice,"1, High Street"');
  }
});

test("a table of rejected rows comes back without its reasons", () => {
  const table = read("kind,ref,problem\nnotice,r1,kind: no such kind\n");
  assert.deepEqual(table, { header: ["kind", "ref"], rows: [{ number: 2, cells: ["notice", "r1"] }] });
});

test("a quotation mark left open and a file without rows are told", () => {
  assert.throws(
    () => read('kind\n"open\n'),
    (error) => error instanceof NoTable && error.why === "broken",
  );
  assert.throws(
    () => read("kind\n"),
    (error) => error instanceof NoTable && error.why === "noRows",
  );
});

test("rejected rows are written out with reasons, and nothing in them runs in a spreadsheet", () => {
  const row = { number: 2, cells: ["notice", "=1+1", "-3.5"] };
  const text = rejectedTable(["kind", "instructions", "household_lon", "ref"], [{ row, reason: "@bad" }]);
  assert.equal(text, "\ufeffkind,instructions,household_lon,ref,problem\r\nnotice,'=1+1,-3.5,,'@bad");
  assert.deepEqual(read(text).rows[0]?.cells, ["notice", "'=1+1", "-3.5", ""]);
  assert.equal(
    rejectedTable(["kind", "instructions"], [{ row: { number: 2, cells: ["notice", "'=1+1"] }, reason: "no" }]),
    "\ufeffkind,instructions,problem\r\nnotice,'=1+1,no",
  );
});

test("rows whose ref stands in an earlier row are found, whichever chunk they are in", () => {
  const table = read("kind,ref\nnotice,a\nnotice,b\nnotice,a\nnotice,\nnotice,\n");
  assert.deepEqual([...repeatsWithin(table, ["id", "ref"])], [[4, { column: "ref", row: 2 }]]);
});

test("chunks hold everything once, in order, and ten thousand rows are read in well under a second", () => {
  assert.deepEqual(chunks([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]);
  assert.deepEqual(chunks([], 2), []);
  const text = `kind,household_address,instructions\n${'notice,"1, High Street",ring twice\n'.repeat(10_000)}`;
  const began = process.cpuUsage();
  assert.equal(read(text).rows.length, 10_000);
  const { user, system } = process.cpuUsage(began); // of this process alone, whatever else the machine does
  assert.ok(user + system < 1_000_000);
});
