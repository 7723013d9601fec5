import assert from "node:assert/strict";
import { test } from "node:test";
import { spotOf } from "../../map/projection.ts";
import type { Grid, TaskPoint } from "../model.ts";
import { hitsAt, outlineOf, walksOf } from "./drawing.ts";

function held(id: string, stop: number | null, lat: number | null = 31): TaskPoint {
  return { id, team_id: "t", stop, lat, lon: lat === null ? null : 121 + (stop ?? 0) } as TaskPoint;
}

test("a click means the nearest door, and every task at it, the one on top first", () => {
  const drawn = [
    { id: "below", x: 10, y: 10 },
    { id: "elsewhere", x: 40, y: 10 },
    { id: "on top", x: 10, y: 10 },
  ];
  assert.deepEqual(hitsAt(drawn, 13, 11, 14), ["on top", "below"]);
  assert.deepEqual(hitsAt(drawn, 200, 200, 14), []);
});

test("a walk leads from where the team is through its doors in order, once each", () => {
  const start = spotOf(31, 120);
  const tasks = [held("b", 2), held("a", 1), held("same door", 1), held("a call", 3, null), held("waits", null)];
  const [walk] = walksOf(tasks, new Map([["t", start]]));
  assert.deepEqual(walk?.spots, [start, spotOf(31, 122), spotOf(31, 123)]);
});

test("a grid of several parts is drawn whole and fits in its corners", () => {
  const square = (west: number) => [
    [
      [west, 31],
      [west + 1, 31],
      [west + 1, 32],
      [west, 31],
    ],
  ];
  const geometry = { type: "MultiPolygon", coordinates: [square(120), square(124)] };
  const outline = outlineOf({ code: "g", name: "", geometry } as unknown as Grid);
  assert.equal(outline.rings.length, 2);
  assert.equal(outline.name, "g");
  assert.deepEqual(outline.corners, [
    [31, 120],
    [32, 125],
  ]);
});

test("the world is projected as tiles are", () => {
  assert.deepEqual(spotOf(0, 0), { x: 0.5, y: 0.5 });
  assert.ok(Math.abs(spotOf(85.0511287798, 180).y) < 1e-9);
  assert.equal(spotOf(0, 180).x, 1);
});
