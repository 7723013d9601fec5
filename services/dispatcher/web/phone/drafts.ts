/** What a member has typed and not yet recorded: it survives a closed app and a new version of the page. */

import { database } from "./database.ts";
import { me } from "./session.ts";

const drafts = new Map<string, unknown>();

/** Take over what the phone holds of this member. */
export async function readDrafts(): Promise<void> {
  const mine = me.peek()?.id;
  const db = await database();
  const kept = mine === undefined ? [] : await db.getAll("drafts", IDBKeyRange.bound([mine], [mine, []]));
  if (mine !== me.peek()?.id) return;
  drafts.clear();
  for (const { key, value } of kept) drafts.set(key, value);
}

/** What was kept under that key, if anything. */
export function draft<T>(key: string): T | undefined {
  return drafts.get(key) as T | undefined;
}

/** Keep a plain JSON value. It is wiped with everything else of the member's. */
export function keepDraft(key: string, value: unknown): void {
  drafts.set(key, value);
  const mine = me.peek()?.id;
  if (mine !== undefined) void database().then((db) => db.put("drafts", { member_id: mine, key, value }));
}

export function dropDraft(key: string): void {
  drafts.delete(key);
  const mine = me.peek()?.id;
  if (mine !== undefined) void database().then((db) => db.delete("drafts", [mine, key]));
}
