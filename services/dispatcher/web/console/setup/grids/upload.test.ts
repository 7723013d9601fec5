import assert from "node:assert/strict";
import { test } from "node:test";
import { asGeoJson, changesOf, readUpload } from "./upload.ts";

const RING = [
  [121, 31],
  [121.1, 31],
  [121.1, 31.1],
  [121, 31],
];
const square = { type: "Polygon", coordinates: [RING] };
const feature = (code: unknown, geometry: unknown = square, name?: string) => ({
  type: "Feature",
  properties: { code, ...(name && { name }) },
  geometry,
});
const file = (...features: unknown[]) => JSON.stringify({ type: "FeatureCollection", features });

test("a file of polygons is read by their codes, the name falls back to the code", () => {
  const { drawn, bad, flaw } = readUpload(file(feature("A", square, "East"), feature(7)));
  assert.deepEqual(
    drawn.map(({ code, name }) => [code, name]),
    [
      ["A", "East"],
      ["7", "7"],
    ],
  );
  assert.deepEqual([bad, flaw], [[], undefined]);
});

test("a code may be the feature's id", () => {
  assert.equal(readUpload(file({ type: "Feature", id: "A", properties: null, geometry: square })).drawn[0]?.code, "A");
});

test("bad features are named, good ones stay", () => {
  const upload = readUpload(
    file(
      feature("A"),
      feature(""),
      feature("A"),
      feature("P", { type: "Point", coordinates: [121, 31] }),
      feature("R", { type: "Polygon", coordinates: [RING.slice(0, 3)] }),
      feature("M", { type: "Polygon", coordinates: [RING.map(([x = 0, y = 0]) => [x * 1000, y])] }),
      null,
    ),
  );
  assert.deepEqual(
    upload.bad.map(({ index, flaw }) => [index, flaw]),
    [
      [1, "noCode"],
      [2, "twice"],
      [3, "noPolygon"],
      [4, "badRing"],
      [5, "badPosition"],
      [6, "noCode"],
    ],
  );
  assert.equal(upload.drawn.length, 1);
});

test("what is no collection, empty or in other coordinates is said of the file", () => {
  assert.equal(readUpload("kml").flaw, "notGeoJson");
  assert.equal(readUpload('{"type": "Feature"}').flaw, "notGeoJson");
  assert.equal(readUpload(file()).flaw, "noFeatures");
  const crs = { properties: { name: "urn:ogc:def:crs:EPSG::4479" } };
  assert.equal(
    readUpload(JSON.stringify({ type: "FeatureCollection", crs, features: [feature("A")] })).flaw,
    "notWgs84",
  );
});

test("a byte order mark is no flaw", () => {
  assert.equal(readUpload(`\ufeff${file(feature("A"))}`).flaw, undefined);
});

test("an upload tells what it adds, changes, leaves and misses", () => {
  const known = [
    { code: "same", name: "same", geometry: { type: "MultiPolygon", coordinates: [[RING]] } },
    { code: "renamed", name: "old", geometry: square },
    { code: "gone", name: "gone", geometry: square },
  ];
  const { drawn } = readUpload(file(feature("same"), feature("renamed", square, "new"), feature("new")));
  const changes = changesOf(drawn, known);
  const codes = Object.values(changes).map((grids) => grids.map(({ code }: { code: string }) => code));
  assert.deepEqual(codes, [["new"], ["renamed"], ["same"], ["gone"]]);
});

test("what is downloaded is the same when it is uploaded", () => {
  const known = [{ code: "A", name: "East", geometry: square, area_m2: 12 }];
  assert.equal(changesOf(readUpload(asGeoJson(known)).drawn, known).same.length, 1);
});
