import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schemas } from "../../api/client.ts";
import { type Form, formOf, patchOf, rebase, wrongFields } from "./edit.ts";

const ZONE = "Asia/Shanghai";
const task = {
  earliest: "2026-02-03T00:00:30Z",
  due_at: "2026-02-03T02:00:00Z",
  priority: 3,
  instructions: "ring twice",
  capabilities: ["swab", "woman"],
  service_s: 190,
} as unknown as Schemas["TaskDetail"];
const before = formOf(task, ZONE, ["swab"]);

test("a form shows the district's time and leaves out what the kind asks for anyway", () => {
  assert.deepEqual(before, {
    earliest: "2026-02-03T08:00",
    due_at: "2026-02-03T10:00",
    priority: 3,
    instructions: "ring twice",
    needs: ["woman"],
    minutes: "3.2",
  });
});

test("only what was changed is sent", () => {
  assert.deepEqual(patchOf(before, before, ZONE), {});
  const after: Form = { ...before, due_at: "2026-02-03T11:30", needs: [], minutes: "5" };
  assert.deepEqual(patchOf(before, after, ZONE), { due_at: "2026-02-03T03:30:00.000Z", needs: [], service_s: 300 });
});

test("a window without length and a negative time at the door are seen before sending", () => {
  assert.deepEqual(wrongFields(before), []);
  assert.deepEqual(wrongFields({ ...before, due_at: before.earliest, minutes: "-1" }), ["due_at", "minutes"]);
  assert.deepEqual(wrongFields({ ...before, earliest: "", minutes: "" }), ["earliest", "minutes"]);
});

test("what somebody else changed is kept, what I changed stays mine, and what both changed is told", () => {
  const mine: Form = { ...before, priority: 5, instructions: "back door" };
  const theirs: Form = { ...before, instructions: "side door", due_at: "2026-02-03T12:00" };
  const { form, clashes } = rebase(before, mine, theirs);
  assert.deepEqual(form, { ...before, priority: 5, instructions: "back door", due_at: "2026-02-03T12:00" });
  assert.deepEqual(clashes, ["instructions"]);
});

test("the same change made by both is no clash", () => {
  const same: Form = { ...before, priority: 5 };
  assert.deepEqual(rebase(before, same, same).clashes, []);
});
