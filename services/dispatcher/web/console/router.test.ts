import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf } from "./router.ts";

test("every place has its address", () => {
  assert.deepEqual(placeOf("/"), { at: "board" });
  assert.deepEqual(placeOf("/task/7"), { at: "task", id: "7" });
  assert.deepEqual(placeOf("/team/8"), { at: "team", id: "8" });
  assert.deepEqual(placeOf("/new"), { at: "new" });
  assert.deepEqual(placeOf("/import"), { at: "import" });
  assert.deepEqual(placeOf("/figures"), { at: "figures", from: undefined, to: undefined });
  assert.deepEqual(placeOf("/figures/2026-11-01/2026-11-22"), { at: "figures", from: "2026-11-01", to: "2026-11-22" });
  assert.deepEqual(placeOf("/people"), { at: "people", page: "follow-ups", rest: [] });
  assert.deepEqual(placeOf("/people/contacts/7"), { at: "people", page: "contacts", rest: ["7"] });
  assert.deepEqual(placeOf("/setup/kinds"), { at: "setup", page: "kinds" });
});

test("an address that names nothing is the board", () => {
  for (const path of ["", "/nowhere", "/task", "/task/", "///"]) assert.deepEqual(placeOf(path), { at: "board" });
});
