import assert from "node:assert/strict";
import { test } from "node:test";
import { kept, type Membership, regulars, seatsOf, substitutions } from "./roster.ts";

const membership = (member_id: string, role: string, from: string, until: string | null): Membership => ({
  team_id: "T",
  member_id,
  role,
  from,
  until,
});

const TONIGHT = [
  membership("ann", "doctor", "2026-02-03", "2026-02-04"),
  membership("bob", "police", "2026-02-03", null),
  membership("cem", "doctor", "2026-02-04", "2026-02-05"),
  membership("ann", "doctor", "2026-02-05", null),
];

test("whoever is on the team until further notice is its regular member", () => {
  assert.deepEqual(
    [...regulars(TONIGHT)],
    [
      ["police", "bob"],
      ["doctor", "ann"],
    ],
  );
});

test("somebody stands in for the regular member who is back afterwards", () => {
  assert.deepEqual(substitutions(TONIGHT), [
    { role: "doctor", memberId: "cem", insteadOf: "ann", from: "2026-02-04", until: "2026-02-05" },
  ]);
});

test("somebody who fills an empty slot for a while stands in for nobody", () => {
  const [only] = substitutions([membership("cem", "doctor", "2026-02-04", "2026-02-05")]);
  assert.equal(only?.insteadOf, undefined);
});

test("a slot left empty has no seat", () => {
  assert.deepEqual(
    seatsOf(
      new Map([
        ["doctor", "ann"],
        ["police", null],
      ]),
    ),
    [{ role: "doctor", member_id: "ann" }],
  );
});

test("a saved roster keeps who stands in where the regular member stays", () => {
  const standing = substitutions(TONIGHT);
  const before = regulars(TONIGHT);
  assert.deepEqual(
    kept(
      standing,
      before,
      new Map([
        ["doctor", "ann"],
        ["police", "dan"],
      ]),
    ),
    standing,
  );
  assert.deepEqual(
    kept(
      standing,
      before,
      new Map([
        ["doctor", "eve"],
        ["police", "bob"],
      ]),
    ),
    [],
  );
});

test("a substitute who gets a seat of their own stands in no more", () => {
  const after = new Map([
    ["doctor", "ann"],
    ["police", "cem"],
  ]);
  assert.deepEqual(kept(substitutions(TONIGHT), regulars(TONIGHT), after), []);
});
