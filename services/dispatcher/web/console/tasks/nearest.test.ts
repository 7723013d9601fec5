import assert from "node:assert/strict";
import { test } from "node:test";
import type { TeamGlance } from "../model.ts";
import { candidates, metresBetween } from "./nearest.ts";

function team(code: string, more: object): TeamGlance {
  return {
    code,
    name: "",
    on_shift: true,
    tasks: 0,
    place: null,
    roles_on_duty: ["doctor"],
    ...more,
  } as unknown as TeamGlance;
}

const here = { lat: 43.73, lon: 7.42 };
const near = team("near", { place: { lat: 43.731, lon: 7.42 }, tasks: 9 });
const far = team("far", { place: { lat: 43.75, lon: 7.42 }, tasks: 1 });
const lost = team("lost", { tasks: 0 });
const lacking = team("lacking", { place: here, roles_on_duty: [] });
const asleep = team("asleep", { place: here, on_shift: false });
const all = [asleep, lacking, lost, far, near];
const codes = (order: "nearest" | "least_loaded", text = "") =>
  candidates(all, { point: here, roles: ["doctor"] }, order, text).map((one) => one.team.code);

test("who can do it comes first, then the nearest; whose place nobody knows comes after", () => {
  assert.deepEqual(codes("nearest"), ["near", "far", "lost", "lacking", "asleep"]);
});

test("by load, the one with least to do comes first", () => {
  assert.deepEqual(codes("least_loaded"), ["lost", "far", "near", "lacking", "asleep"]);
});

test("a team is found by part of its code", () => {
  assert.deepEqual(codes("nearest", " FA"), ["far"]);
});

test("a minute of latitude is a sea mile", () => {
  assert.equal(Math.round(metresBetween({ lat: 0, lon: 0 }, { lat: 1 / 60, lon: 0 })), 1853);
});
