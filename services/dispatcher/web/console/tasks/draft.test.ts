import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, draftOf, emptyDraft, keep, missing, sameDoor } from "./draft.ts";
import type { Household } from "./places.ts";

const household = { id: "h1", address: "1 High Street" } as Household;

test("what is left empty is left out, so that the kind says it; times are the district's", () => {
  const draft = {
    ...emptyDraft("me"),
    kind: "notice",
    door: { is: "known", household } as const,
    due: "2026-02-03T18:00",
  };
  assert.deepEqual(bodyOf(draft, "d1", "Asia/Shanghai"), {
    id: draft.id,
    district: "d1",
    kind: "notice",
    household: { id: "h1" },
    due_at: "2026-02-03T10:00:00.000Z",
    needs: [],
    instructions: "",
  });
});

test("a new door and a new person are written out, an empty phone is not", () => {
  const door = { is: "new", address: " 2 High Street ", accessNotes: "", point: { lat: 1, lon: 2 } } as const;
  const body = bodyOf(
    { ...emptyDraft("me"), kind: "notice", door, person: { is: "new", name: "Li", phone: " " } },
    "d1",
    "UTC",
  );
  assert.deepEqual(body.household, { address: "2 High Street", lat: 1, lon: 2, access_notes: "" });
  assert.deepEqual(body.subject, { name: "Li" });
});

test("a visit needs a place or at least a phone, a call a phone, a window a length", () => {
  const empty = emptyDraft("me");
  assert.deepEqual(missing(empty, undefined), ["kind", "place"]);
  const call = { ...empty, kind: "trace_call" };
  assert.deepEqual(missing(call, "phone"), ["phone"]);
  const person = { is: "new", name: "", phone: "+86 1" } as const;
  assert.deepEqual(missing({ ...call, person }, "phone"), []);
  assert.deepEqual(missing({ ...call, person }, "visit"), []);
  assert.deepEqual(missing({ ...call, person, earliest: "2026-02-03T18:00", due: "2026-02-03T18:00" }, "visit"), [
    "due",
  ]);
});

test("what one typed another never sees, and it is there again after a new log-in", () => {
  const draft = { ...emptyDraft("me"), instructions: "ring twice" };
  keep(draft);
  assert.equal(draftOf("you").instructions, "");
  assert.equal(draftOf("me"), draft);
});

test("another task at the same door is a new one", () => {
  const draft = { ...emptyDraft("me"), kind: "notice", door: { is: "known", household } as const, instructions: "x" };
  const next = sameDoor(draft);
  assert.notEqual(next.id, draft.id);
  assert.deepEqual([next.door, next.instructions], [draft.door, ""]);
});
