import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, draftOf, newDraft, type ProtocolOut, readValue } from "./draft.ts";

const PROTOCOL: ProtocolOut = {
  id: "1",
  district_id: "2",
  code: "home_isolation",
  names: { en: "Home isolation", zh: "居家隔离", fr: "Isolement" },
  days: 14,
  lines: [
    { kind: "temperature_check", names: { en: "Temperature" }, times: ["08:00", "16:00"], every: 1, days: null },
    { kind: "release", names: { en: "Release" }, times: ["09:00"], every: 1, days: [-1] },
  ],
  ledger: [
    {
      code: "measured",
      names: { en: "Measured" },
      kinds: ["temperature_check"],
      field: "temperature_c",
      value: null,
      expected: "as_planned",
    },
    {
      code: "reached",
      names: { zh: "已联系" },
      kinds: ["trace_call"],
      field: "reached",
      value: true,
      expected: "daily",
    },
  ],
  lost_after_days: 2,
  for_contacts: ["close"],
  active: true,
  created_at: null,
};

test("a protocol that nobody touched is sent as it came", () => {
  const { id: _, district_id, created_at, ...plain } = PROTOCOL;
  const lines = PROTOCOL.lines.map(({ names, ...line }) => line);
  assert.deepEqual(bodyOf(draftOf(PROTOCOL)), { ...plain, lines });
});

test("what is left empty is not asked for", () => {
  const draft = { ...draftOf(PROTOCOL), lost: "", en: " ", items: [] };
  const body = bodyOf(draft);
  assert.equal(body?.lost_after_days, null);
  assert.deepEqual(body?.names, { zh: "居家隔离", fr: "Isolement" });
});

test("nothing is sent while a line has no kind", () => {
  assert.equal(bodyOf(newDraft()), undefined);
});

test("values are what a form would record", () => {
  assert.deepEqual(["", "true", "false", "37", "-1", "3.5", "yes"].map(readValue), [
    null,
    true,
    false,
    37,
    -1,
    "3.5",
    "yes",
  ]);
});
