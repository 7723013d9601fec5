/** Addresses of the tasks that are looked at. The points leave them out, so that reading an address is always asked for, and booked. */

import { effect, signal } from "@preact/signals";
import { loadTasks } from "../load.ts";
import { district, IDS_A_QUESTION } from "../model.ts";

export interface Addressed {
  readonly id: string;
  readonly address: string | null;
  readonly subject_name: string | null;
}

/** What is known by now; grows while the list is scrolled. */
export const addresses = signal<ReadonlyMap<string, Addressed>>(new Map());

const SETTLED_MS = 120;
let timer: ReturnType<typeof setTimeout> | undefined;
let wanted: readonly string[] = [];

/** These rows are in sight: ask for those not known, once the list stands still. */
export function wantAddresses(ids: readonly string[]): void {
  wanted = ids;
  clearTimeout(timer);
  if (ids.some((id) => !addresses.peek().has(id))) timer = setTimeout(() => void ask(), SETTLED_MS);
}

export function keepAddresses(items: readonly Addressed[]): void {
  const next = new Map(addresses.peek());
  for (const { id, address, subject_name } of items) next.set(id, { id, address, subject_name });
  addresses.value = next;
}

async function ask(): Promise<void> {
  const id = wanted.filter((one) => !addresses.peek().has(one)).slice(0, IDS_A_QUESTION);
  if (!id.length) return;
  const page = await loadTasks({ id, limit: IDS_A_QUESTION }).catch(() => null);
  if (page) keepAddresses(page.items);
}

effect(() => {
  if (district.value) addresses.value = new Map();
});
