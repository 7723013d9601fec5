/** A file of grids before it is sent: what it draws, what is wrong with it, and what it would change. */

export type Flaw = "noCode" | "longCode" | "twice" | "noPolygon" | "badRing" | "badPosition";
export type FileFlaw = "notGeoJson" | "notWgs84" | "tooMany" | "noFeatures";

export interface Drawn {
  readonly code: string;
  readonly name: string;
  readonly geometry: Geometry;
}

export interface BadFeature {
  /** Counted from 0. */
  readonly index: number;
  readonly code: string;
  readonly flaw: Flaw;
}

export interface Upload {
  readonly flaw: FileFlaw | undefined;
  readonly drawn: readonly Drawn[];
  readonly bad: readonly BadFeature[];
  /** What is sent, just as it was read. */
  readonly collection: Collection | undefined;
}

interface Geometry {
  readonly type: string;
  readonly coordinates: unknown;
}

interface Collection {
  readonly type: "FeatureCollection";
  readonly features: Record<string, unknown>[];
}

const MOST_GRIDS = 5000;
const LONGEST_CODE = 63;
const WGS_84 = new Set([
  "urn:ogc:def:crs:OGC:1.3:CRS84",
  "urn:ogc:def:crs:OGC::CRS84",
  "urn:ogc:def:crs:EPSG::4326",
  "EPSG:4326",
]);

/** Reads a file's text. Crossing outlines are left for the API to find. */
export function readUpload(text: string): Upload {
  const collection = parsed(text);
  const flaw = flawOf(collection);
  if (flaw || !isCollection(collection)) return { flaw, drawn: [], bad: [], collection: undefined };
  const drawn: Drawn[] = [];
  const bad: BadFeature[] = [];
  const codes = new Set<string>();
  collection.features.forEach((feature, index) => {
    const code = codeOf(feature);
    const wrong = codeFlaw(code, codes) ?? geometryFlaw(feature);
    codes.add(code);
    if (wrong) bad.push({ index, code, flaw: wrong });
    else drawn.push({ code, name: nameOf(feature) || code, geometry: feature.geometry as Geometry });
  });
  return { flaw: undefined, drawn, bad, collection };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

function flawOf(value: unknown): FileFlaw | undefined {
  if (!isCollection(value)) return "notGeoJson";
  const crs = (value as { crs?: { properties?: { name?: unknown } } }).crs;
  if (crs && !WGS_84.has(String(crs.properties?.name))) return "notWgs84";
  if (value.features.length === 0) return "noFeatures";
  return value.features.length > MOST_GRIDS ? "tooMany" : undefined;
}

function isCollection(value: unknown): value is Collection {
  return isObject(value) && value.type === "FeatureCollection" && Array.isArray(value.features);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function codeOf(feature: unknown): string {
  const properties = isObject(feature) && isObject(feature.properties) ? feature.properties : {};
  return label(properties.code ?? (isObject(feature) ? feature.id : undefined));
}

function nameOf(feature: Record<string, unknown>): string {
  return label(isObject(feature.properties) ? feature.properties.name : undefined);
}

function label(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

function codeFlaw(code: string, before: ReadonlySet<string>): Flaw | undefined {
  if (!code) return "noCode";
  if (code.length > LONGEST_CODE) return "longCode";
  return before.has(code) ? "twice" : undefined;
}

function geometryFlaw(feature: unknown): Flaw | undefined {
  const geometry = isObject(feature) ? feature.geometry : undefined;
  if (!isObject(geometry) || (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon")) return "noPolygon";
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  if (!Array.isArray(polygons) || polygons.length === 0 || !polygons.every(isList)) return "noPolygon";
  for (const ring of polygons.flat()) {
    if (!Array.isArray(ring) || ring.length < 4 || String(ring[0]) !== String(ring.at(-1))) return "badRing";
    if (!ring.every(isPosition)) return "badPosition";
  }
  return undefined;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isPosition(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [lon, lat] = value;
  return typeof lon === "number" && typeof lat === "number" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

interface Known {
  readonly code: string;
  readonly name: string;
  readonly geometry: unknown;
}

export interface Changes<G> {
  readonly added: readonly Drawn[];
  readonly changed: readonly Drawn[];
  readonly same: readonly Drawn[];
  /** Known ones that the file does not name. */
  readonly missing: readonly G[];
}

/** What these would change, by their codes. */
export function changesOf<G extends Known>(drawn: readonly Drawn[], known: readonly G[]): Changes<G> {
  const before = new Map(known.map((grid) => [grid.code, grid]));
  const codes = new Set(drawn.map(({ code }) => code));
  const isSame = (grid: Drawn) => {
    const was = before.get(grid.code);
    return was !== undefined && was.name === grid.name && rings(was.geometry) === rings(grid.geometry);
  };
  return {
    added: drawn.filter(({ code }) => !before.has(code)),
    changed: drawn.filter((grid) => before.has(grid.code) && !isSame(grid)),
    same: drawn.filter(isSame),
    missing: known.filter(({ code }) => !codes.has(code)),
  };
}

/** The corners as text, without heights; a MultiPolygon of one polygon is that polygon. */
function rings(geometry: unknown): string {
  const { type, coordinates } = geometry as { type: string; coordinates: number[][][][] & number[][][] };
  const polygons: number[][][][] = type === "Polygon" ? [coordinates] : coordinates;
  return JSON.stringify(polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lon, lat]))));
}

interface Downloaded extends Known {
  readonly area_m2: number;
}

/** The grids as a file that can be uploaded again. */
export function asGeoJson(grids: readonly Downloaded[]): string {
  const features = grids.map(({ code, name, area_m2, geometry }) => ({
    type: "Feature",
    id: code,
    properties: { code, name, area_m2 },
    geometry,
  }));
  return JSON.stringify({ type: "FeatureCollection", features }, null, 1);
}
