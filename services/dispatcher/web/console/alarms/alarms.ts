/** The district's standing alarms. `live.ts` keeps them true. */

import { computed, type Signal, signal } from "@preact/signals";
import { answered, api, type Schemas } from "../../api/client.ts";
import { district } from "../model.ts";
import { groupsOf } from "./groups.ts";

export type Alarm = Schemas["AlarmOut"];

/** The most urgent ones; whoever has more than a page of them needs no list. */
export const MOST_SHOWN = 200;

export const alarms: Signal<readonly Alarm[]> = signal([]);
/** More stand than are known here. */
export const areCut = signal(false);
export const grouped = computed(() => groupsOf(alarms.value));

/** Read them anew. Raises Refused, NoAnswer. */
export async function loadAlarms(): Promise<void> {
  const about = district.value?.id;
  if (!about) return;
  const page = await answered(api.GET("/v1/alarms", { params: { query: { district: about, limit: MOST_SHOWN } } }));
  if (about !== district.value?.id) return;
  alarms.value = page.items;
  areCut.value = page.next_cursor !== null;
}

export function forgetAlarms(): void {
  alarms.value = [];
  areCut.value = false;
}

/** Raises Refused, NoAnswer. */
export async function acknowledge(ids: readonly string[]): Promise<void> {
  const [only] = ids;
  if (ids.length === 1 && only)
    await answered(api.POST("/v1/alarms/{id}/acknowledge", { params: { path: { id: only } } }));
  else await answered(api.POST("/v1/alarms/acknowledge", { body: { ids: [...ids] } }));
  await loadAlarms();
}
