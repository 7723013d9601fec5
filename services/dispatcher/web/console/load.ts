/** Reads a district into the model. Every function raises Refused, NoAnswer. */

import { batch } from "@preact/signals";
import { answered, api, type Schemas } from "../api/client.ts";
import type { paths } from "../api/schema.d.ts";
import { forgetAlarms } from "./alarms/alarms.ts";
import {
  district,
  districts,
  type Grid,
  grids,
  kinds,
  overview,
  points,
  selection,
  type TaskPoint,
  teams,
} from "./model.ts";
import { setClock } from "./now.ts";

const A_PAGE = 200;
const A_PAGE_OF_POINTS = 5000;
const KEPT = "doorstep.district";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

type TaskQuery = NonNullable<paths["/v1/tasks"]["get"]["parameters"]["query"]>;

/** `/v1/grids` also answers GeoJSON, for which nobody asks here. */
type Asked<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

export type TaskListed = Schemas["TaskListed"];

/** One page of tasks with their addresses and names: a reading of personal data, which is booked. `/v1/tasks` also answers tables. */
export function loadTasks(query: TaskQuery): Promise<Page<TaskListed>> {
  return answered(api.GET("/v1/tasks", { params: { query } }) as Asked<Page<TaskListed>>);
}

/** Every item of a list, page by page. */
export async function allOf<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(cursor);
    all.push(...next.items);
    cursor = next.next_cursor ?? undefined;
  } while (cursor);
  return all;
}

/** The query of one page of the district's things. */
function ofDistrict(limit: number, cursor: string | undefined) {
  const chosen = district.value;
  if (!chosen) throw new Error("no district is chosen");
  return { params: { query: { district: chosen.id, limit, ...(cursor ? { cursor } : {}) } } };
}

/** The account's districts; the one looked at last is chosen again. */
export async function loadDistricts(): Promise<void> {
  const all = await allOf((cursor) =>
    answered(api.GET("/v1/districts", { params: { query: { limit: A_PAGE, ...(cursor ? { cursor } : {}) } } })),
  );
  all.sort((a, b) => a.name.localeCompare(b.name));
  const before = district.value?.id ?? localStorage.getItem(KEPT);
  batch(() => {
    districts.value = all;
    district.value = all.find(({ id }) => id === before) ?? all[0] ?? null;
  });
}

/** Look at another district. What is known of the one before is forgotten at once. */
export function chooseDistrict(id: string): void {
  localStorage.setItem(KEPT, id);
  batch(() => {
    forget();
    district.value = districts.value.find((one) => one.id === id) ?? district.value;
  });
}

export function forget(): void {
  batch(() => {
    overview.value = null;
    forgetAlarms();
    points.value = new Map();
    teams.value = new Map();
    kinds.value = new Map();
    grids.value = new Map();
    selection.value = new Set();
  });
}

export async function loadPoints(): Promise<void> {
  const about = district.value?.id;
  const all: TaskPoint[] = await allOf((cursor) =>
    answered(api.GET("/v1/tasks/points", ofDistrict(A_PAGE_OF_POINTS, cursor))),
  );
  if (about !== district.value?.id) return;
  const next = new Map(all.map((point) => [point.id, point]));
  batch(() => {
    points.value = next;
    if ([...selection.value].some((id) => !next.has(id)))
      selection.value = new Set([...selection.value].filter((id) => next.has(id)));
  });
}

export async function loadOverview(): Promise<void> {
  const about = district.value?.id;
  if (!about) return;
  const fresh = await answered(api.GET("/v1/districts/{id}/overview", { params: { path: { id: about } } }));
  if (about !== district.value?.id) return;
  setClock(fresh.at);
  overview.value = fresh;
}

export async function loadDistrict(): Promise<void> {
  const about = district.value?.id;
  if (!about) return;
  const fresh = await answered(api.GET("/v1/districts/{id}", { params: { path: { id: about } } }));
  if (about === district.value?.id) district.value = fresh;
}

export async function loadTeams(): Promise<void> {
  const about = district.value?.id;
  const all = await allOf((cursor) => answered(api.GET("/v1/teams", ofDistrict(A_PAGE, cursor))));
  if (about === district.value?.id) teams.value = new Map(all.map((team) => [team.id, team]));
}

export async function loadKinds(): Promise<void> {
  const about = district.value?.id;
  const all = await allOf((cursor) => answered(api.GET("/v1/kinds", ofDistrict(A_PAGE, cursor))));
  if (about === district.value?.id) kinds.value = new Map(all.map((kind) => [kind.code, kind]));
}

export async function loadGrids(): Promise<void> {
  const about = district.value?.id;
  const all = await allOf((cursor) => answered(api.GET("/v1/grids", ofDistrict(A_PAGE, cursor)) as Asked<Page<Grid>>));
  if (about === district.value?.id) grids.value = new Map(all.map((grid) => [grid.id, grid]));
}
