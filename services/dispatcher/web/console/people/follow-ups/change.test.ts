import assert from "node:assert/strict";
import { test } from "node:test";
import { newLine } from "../../setup/protocols/lines.ts";
import { draftOf, patchOf } from "./change.ts";

const BASE = {
  last_day: "2026-02-14",
  lost_after_days: 2,
  version: 3,
  lines: [{ kind: "notice", names: { en: "Notice" }, times: ["08:00"], every: 1, days: null }],
};

test("only what differs is sent, with the version that was looked at", () => {
  assert.deepEqual(patchOf(draftOf(BASE), BASE), { version: 3 });
  assert.deepEqual(patchOf({ ...draftOf(BASE), last_day: "2026-02-20", lost: "" }, BASE), {
    last_day: "2026-02-20",
    lost_after_days: null,
    version: 3,
  });
});

test("changed lines are sent whole", () => {
  const draft = draftOf(BASE);
  const lines = [...draft.lines, { ...newLine(), kind: "delivery", how: "chosen" as const, days: "-1" }];
  assert.deepEqual(patchOf({ ...draft, lines }, BASE)?.lines, [
    { kind: "notice", times: ["08:00"], every: 1, days: null },
    { kind: "delivery", times: ["08:00"], every: 1, days: [-1] },
  ]);
});

test("nothing is sent while a line says nothing that counts, or no line is left", () => {
  const draft = draftOf(BASE);
  assert.equal(patchOf({ ...draft, lines: [newLine()] }, BASE), undefined);
  assert.equal(patchOf({ ...draft, lines: [] }, BASE), undefined);
});
