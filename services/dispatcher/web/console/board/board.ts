/** What the board shows of the model, as chosen by who looks at it. */

import { batch, computed, effect, signal } from "@preact/signals";
import { loadTasks, type Page, type TaskListed } from "../load.ts";
import { district, overview, points, selection, type TaskPoint } from "../model.ts";
import { now } from "../now.ts";
import { keepAddresses } from "./addresses.ts";
import { type Filter, type Moment, NO_FILTER, shownOf } from "./filter.ts";
import { problemsOf } from "./problems.ts";

export type Layer = "grids" | "tasks" | "teams" | "routes";
/** On a small screen one of these is seen at a time. */
export type View = "wrong" | "list" | "map";

export const filter = signal<Filter>(NO_FILTER);
export const layers = signal<ReadonlySet<Layer>>(new Set(["grids", "tasks", "teams", "routes"]));
export const view = signal<View>("wrong");
/** `cut`: more fits than is shown; `failed`: nobody answered. */
export const searching = signal<"no" | "asking" | "cut" | "failed">("no");
/** The map is asked to show this; it sets it back to null. */
export const lookAt = signal<{ readonly lat: number; readonly lon: number } | "district" | null>(null);

export const moment = computed<Moment>(() => ({
  at: now.value.getTime(),
  soonMs: Number(district.value?.settings.due_soon_s ?? 1800) * 1000,
}));

export const shown = computed<readonly TaskPoint[]>(() => shownOf(points.value.values(), filter.value, moment.value));
export const wrongNow = computed(() => problemsOf(points.value.values(), overview.value, moment.value));

export function narrow(change: Partial<Filter>): void {
  batch(() => {
    if ((change.text ?? filter.value.text) !== filter.value.text) search(change.text ?? "");
    filter.value = { ...filter.value, ...change };
  });
}

/** Show these tasks alone; choosing the same again shows all. */
export function only(change: Partial<Filter>): void {
  const chosen = Object.entries(change).every(([name, value]) => filter.value[name as keyof Filter] === value);
  batch(() => {
    filter.value = chosen ? NO_FILTER : { ...NO_FILTER, ...change };
    searching.value = "no";
    view.value = "list";
  });
}

export function clearFilter(): void {
  searching.value = "no";
  filter.value = NO_FILTER;
}

/** Is what the list shows what was asked for? Until then nothing is done to all of it. */
export const isSettled = computed(() => searching.value === "no" || searching.value === "cut");

export function tickAll(): void {
  if (!isSettled.value) return;
  selection.value = new Set(shown.value.map(({ id }) => id));
}

const TYPING_MS = 250;
const A_PAGE = 200;
const MOST_PAGES = 25;
export const MOST_FOUND = A_PAGE * MOST_PAGES;
const OPEN = ["pending", "assigned", "accepted", "in_progress"] as const;
let typing: ReturnType<typeof setTimeout> | undefined;

/** Asks the dispatcher, which alone knows addresses and names, once nobody types. */
function search(text: string): void {
  clearTimeout(typing);
  searching.value = text.trim() ? "asking" : "no";
  filter.value = { ...filter.value, text, found: null };
  if (text.trim()) typing = setTimeout(() => void find(text), TYPING_MS);
}

async function find(text: string): Promise<void> {
  const found = new Set<string>();
  const query = { q: text.trim(), status: [...OPEN], limit: A_PAGE, district: district.value?.id ?? "" };
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES && (page === 0 || cursor); page += 1) {
    const answer: Page<TaskListed> | null = await loadTasks(cursor ? { ...query, cursor } : query).catch(() => null);
    if (filter.value.text !== text || district.value?.id !== query.district) return;
    if (!answer) {
      searching.value = "failed";
      return;
    }
    keepAddresses(answer.items);
    for (const { id } of answer.items) found.add(id);
    cursor = answer.next_cursor;
  }
  batch(() => {
    filter.value = { ...filter.value, found };
    searching.value = cursor ? "cut" : "no";
  });
}

let lookedAt: string | undefined;
effect(() => {
  const id = district.value?.id;
  if (id === lookedAt) return;
  lookedAt = id;
  clearTimeout(typing);
  clearFilter(); // grids, teams and what was found are those of the district before
});

/** Tasks that came in since may fit what is searched for. */
const SEARCH_AGAIN_MS = 10_000;
let searchedSize = 0;
effect(() => {
  const size = points.value.size;
  const text = filter.peek().text;
  if (!text || size === searchedSize) return;
  searchedSize = size;
  clearTimeout(typing);
  typing = setTimeout(() => void find(text), SEARCH_AGAIN_MS);
});
