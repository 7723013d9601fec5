import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subject } from "../../tasks/places.ts";
import { bodyOf, type Draft, dayAfter, lacking } from "./start.ts";

const EMPTY: Draft = {
  id: "1",
  person: { is: "none" },
  door: { is: "none" },
  protocol: "",
  first_day: "2026-02-03",
  last_day: "",
};
const known = (household_id: string | null) => ({ id: "7", household_id }) as Subject;

test("what lacks is told before it is sent", () => {
  assert.deepEqual(lacking(EMPTY), ["person", "home", "protocol"]);
  assert.deepEqual(lacking({ ...EMPTY, person: { is: "new", name: " ", phone: "" } }), ["name", "home", "protocol"]);
});

test("whoever is known with a home needs no other one", () => {
  const draft = { ...EMPTY, protocol: "home_isolation" };
  assert.deepEqual(lacking({ ...draft, person: { is: "known", subject: known("9") } }), []);
  assert.deepEqual(lacking({ ...draft, person: { is: "known", subject: known(null) } }), ["home"]);
});

test("a known person is named by the id alone, and the last day only where it was typed", () => {
  const draft: Draft = { ...EMPTY, protocol: "home_isolation", person: { is: "known", subject: known("9") } };
  assert.deepEqual(bodyOf(draft, "d"), {
    id: "1",
    district: "d",
    subject: { id: "7" },
    protocol: "home_isolation",
    first_day: "2026-02-03",
  });
  assert.equal(bodyOf({ ...draft, last_day: "2026-02-05" }, "d").last_day, "2026-02-05");
});

test("a new person comes with a door", () => {
  const body = bodyOf(
    {
      ...EMPTY,
      person: { is: "new", name: " 王芳 ", phone: "" },
      door: { is: "new", address: "柳荫街1号", accessNotes: "", point: { lat: 31.2, lon: 121.4 } },
      protocol: "fever_watch",
    },
    "d",
  );
  assert.deepEqual(body.subject, { name: "王芳" });
  assert.deepEqual(body.household, { address: "柳荫街1号", lat: 31.2, lon: 121.4, access_notes: "" });
});

test("days are counted over the ends of months and years", () => {
  assert.equal(dayAfter("2028-02-28", 1), "2028-02-29");
  assert.equal(dayAfter("2026-12-31", 13), "2027-01-13");
  assert.equal(dayAfter("", 3), "");
});
