/** What a coordinator does to tasks by hand, as the API takes it. Everything here may be sent twice. */

import { answered, api, type Schemas } from "../../api/client.ts";
import { newId } from "../../api/ids.ts";
import { chunks } from "./chunks.ts";
import { patiently } from "./retry.ts";

export type Effect = Schemas["EffectOut"];
export type BulkItem = Schemas["BulkItem"];

/** What is done to several tasks alike. */
export type Deed =
  | { readonly action: "cancel"; readonly reason: string }
  | { readonly action: "release" }
  | { readonly action: "assign"; readonly team: string; readonly force: boolean };

/** Tasks in one request; the API takes 1,000, smaller ones show progress and hold up nobody. */
const AT_ONCE = 200;
const PATIENCE_MS = 60_000;

export interface Done {
  readonly items: readonly BulkItem[];
  /** Why the rest was not answered; undefined: all were. */
  readonly error: unknown;
}

/** Do it to all, telling how many are answered; each task is answered for itself. */
export async function doToAll(ids: readonly string[], deed: Deed, tell: (done: number) => void): Promise<Done> {
  const items: BulkItem[] = [];
  for (const some of chunks(ids, AT_ONCE)) {
    try {
      const body = { force: false, ...deed, task_ids: some };
      // The same for every try: a lost answer is given again, and tells what was done as done.
      const headers = { "Idempotency-Key": newId() };
      const ask = () =>
        answered(api.POST("/v1/tasks/bulk", { body, headers, signal: AbortSignal.timeout(PATIENCE_MS) }));
      items.push(...(await patiently(ask)).items);
    } catch (error) {
      return { items, error };
    }
    tell(items.length);
  }
  return { items, error: undefined };
}

/** What giving the task to the team would do to its walk. Raises Refused, NoAnswer. */
export async function effectOf(id: string, team: string, force: boolean): Promise<Effect> {
  const body = { team, force, preview: true };
  return (await answered(api.POST("/v1/tasks/{id}/assign", { params: { path: { id } }, body }))).effect;
}

/** Raises Refused, NoAnswer. */
export async function give(id: string, team: string, force: boolean): Promise<void> {
  const body = { team, force, preview: false };
  await answered(api.POST("/v1/tasks/{id}/assign", { params: { path: { id } }, body }));
}

/** Raises Refused, NoAnswer. */
export async function cancel(id: string, reason: string): Promise<void> {
  await answered(api.POST("/v1/tasks/{id}/cancel", { params: { path: { id } }, body: { reason } }));
}

/** `reason`: a code for the history. Raises Refused, NoAnswer. */
export async function release(id: string, reason: string): Promise<void> {
  await answered(api.POST("/v1/tasks/{id}/release", { params: { path: { id } }, body: { reason: reason || null } }));
}
