/** What the console knows of its district, as signals. `live.ts` fills it and keeps it true. */

import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { answered, api, type Schemas } from "../api/client.ts";
import { named } from "../texts/language.ts";

export type Who = Schemas["Who"];
export type District = Schemas["DistrictOut"];
export type Overview = Schemas["OverviewOut"];
export type TeamGlance = Schemas["TeamGlanceOut"];
export type TaskPoint = Schemas["TaskPoint"];
export type Team = Schemas["TeamOut"];
export type Kind = Schemas["KindItem"];
export type Grid = Schemas["GridOut"];
/** A message of `/v1/events`: ids and codes only. */
export interface Happened {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly district_id: string;
  readonly task_id: string | null;
  readonly team_id: string | null;
  readonly member_id: string | null;
  readonly account_id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** Who is logged in; null: nobody, or not yet known. */
export const who: Signal<Who | null> = signal(null);
/** The districts that this account may use. */
export const districts: Signal<readonly District[]> = signal([]);
/** The one that is looked at. */
export const district: Signal<District | null> = signal(null);
export const overview: Signal<Overview | null> = signal(null);
/** The open tasks, by id. */
export const points: Signal<ReadonlyMap<string, TaskPoint>> = signal(new Map());
/** All teams, by id. */
export const teams: Signal<ReadonlyMap<string, Team>> = signal(new Map());
/** All kinds, by code. */
export const kinds: Signal<ReadonlyMap<string, Kind>> = signal(new Map());
/** All grids, by id. */
export const grids: Signal<ReadonlyMap<string, Grid>> = signal(new Map());
/** Ids of the tasks that are ticked in the list. */
export const selection: Signal<ReadonlySet<string>> = signal(new Set());
/** A click on the map goes there instead of to a panel, once set. */
export const picking: Signal<null | ((point: Point) => void)> = signal(null);

/** What a point of `picking` looks like on the map until it is used up; null: nothing. */
export const picked: Signal<Point | null> = signal(null);

/** May the account change things? An auditor sees all and changes nothing. */
export const mayChange: ReadonlySignal<boolean> = computed(() => {
  const permission = who.value?.permission;
  return permission === "admin" || permission === "coordinator";
});
export const isAdmin: ReadonlySignal<boolean> = computed(() => who.value?.permission === "admin");

/** The name of a kind in the page's language. */
export function kindName(code: string): string {
  const kind = kinds.value.get(code);
  return kind ? named(kind.names) : code;
}

/** What is painted on a team's vest; empty for none. */
export function teamName(id: string | null | undefined): string {
  return (id && teams.value.get(id)?.code) || "";
}

export function gridName(id: string | null | undefined): string {
  const grid = id ? grids.value.get(id) : undefined;
  return grid ? grid.name || grid.code : "";
}

const CLOSED: ReadonlySet<string> = new Set(["completed", "not_executable", "cancelled", "expired"]);

export function isClosed(status: string): boolean {
  return CLOSED.has(status);
}

/** As many ids as the API takes in one question. */
export const IDS_A_QUESTION = 200;

/** Ask how these tasks are now. Raises Refused, NoAnswer. */
export async function refreshTasks(ids: Iterable<string>): Promise<void> {
  const all = [...new Set(ids)];
  for (let from = 0; from < all.length; from += IDS_A_QUESTION) {
    const asked = all.slice(from, from + IDS_A_QUESTION);
    const page = await answered(
      api.GET("/v1/tasks/points", { params: { query: { id: asked, limit: IDS_A_QUESTION } } }),
    );
    takePoints(page.items, asked);
  }
}

/** Put these in the place of what was known; `asked` ids that were not answered are gone, and so are closed ones. */
export function takePoints(fresh: readonly TaskPoint[], asked: readonly string[]): void {
  const next = new Map(points.value);
  for (const id of asked) if (!fresh.some((point) => point.id === id)) next.delete(id);
  for (const point of fresh) {
    if (isClosed(point.status) || point.district_id !== district.value?.id) next.delete(point.id);
    else next.set(point.id, point);
  }
  const gone = [...selection.value].filter((id) => !next.has(id));
  batch(() => {
    points.value = next;
    if (gone.length) selection.value = new Set([...selection.value].filter((id) => next.has(id)));
  });
}

const listeners = new Set<(event: Happened) => void>();

/** Be told of every event of the district as it comes. Returns what ends it. */
export function hear(listener: (event: Happened) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tell(event: Happened): void {
  for (const listener of listeners) listener(event);
}
