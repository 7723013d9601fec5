/** What the phone keeps: IndexedDB, one database, everything in it belongs to one member. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Schemas } from "../api/client.ts";
import type { KeptReport } from "./reports.ts";

/**
 * Who is logged in here. `epoch` grows with every change: what was asked for under another one is thrown away when it comes.
 * `changing`: a log-in was sent and its answer never came, so it is open whose the cookie is. `owed`: whose session is still to be ended.
 */
export interface Current {
  member_id: string | null;
  epoch: number;
  changing: boolean;
  owed: string | null;
}

/** A member known on this phone. `phone` is what they logged in with; no PIN is ever kept. */
export interface Known {
  member_id: string;
  me: Schemas["Me"];
  phone: string;
  expired: boolean;
}

export interface KeptRoute {
  member_id: string;
  route: Schemas["PhoneRouteOut"];
  etag: string;
  fetched_at: number;
}

/** What the member has seen of the route: task ids in order; `closed`: which of them were heard to be over. */
export interface Seen {
  member_id: string;
  order: string[];
  closed: string[];
}

interface Draft {
  member_id: string;
  key: string;
  value: unknown;
}

interface Phone extends DBSchema {
  current: { key: string; value: Current };
  session: { key: string; value: Known };
  route: { key: string; value: KeptRoute };
  reports: { key: number; value: KeptReport; indexes: { id: string; state: [string, string] } };
  acknowledged: { key: string; value: Seen };
  drafts: { key: [string, string]; value: Draft };
}

export type PhoneDatabase = IDBPDatabase<Phone>;

const VERSION = 1;
const NOBODY: Current = { member_id: null, epoch: 0, changing: false, owed: null };
/** `[member_id]` and everything that begins with it. */
const OF = (memberId: string) => IDBKeyRange.bound([memberId], [memberId, []]);

let opened: Promise<PhoneDatabase> | undefined;

/** The phone's own database, opened once. */
export function database(): Promise<PhoneDatabase> {
  opened ??= openDatabase("doorstep-phone", () => {
    opened = undefined;
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

export function openDatabase(name: string, closed: () => void = () => {}): Promise<PhoneDatabase> {
  return openDB<Phone>(name, VERSION, {
    upgrade(db) {
      db.createObjectStore("current");
      db.createObjectStore("session", { keyPath: "member_id" });
      db.createObjectStore("route", { keyPath: "member_id" });
      const reports = db.createObjectStore("reports", { keyPath: "seq", autoIncrement: true });
      reports.createIndex("id", "id", { unique: true });
      reports.createIndex("state", ["member_id", "state"]);
      db.createObjectStore("acknowledged", { keyPath: "member_id" });
      db.createObjectStore("drafts", { keyPath: ["member_id", "key"] });
    },
    blocking(_old, _new, event) {
      closed();
      (event.target as IDBDatabase).close();
    },
    terminated: closed,
  });
}

export async function readCurrent(db: PhoneDatabase): Promise<Current> {
  return (await db.get("current", "current")) ?? NOBODY;
}

/** Change who is logged in, in one step. Returns what is true now. */
export async function changeCurrent(
  db: PhoneDatabase,
  change: (was: Current) => Partial<Omit<Current, "epoch">>,
): Promise<Current> {
  const tx = db.transaction("current", "readwrite", { durability: "strict" });
  const was = (await tx.store.get("current")) ?? NOBODY;
  const changed = change(was);
  const epoch = "member_id" in changed || "changing" in changed ? was.epoch + 1 : was.epoch;
  const now = { ...was, ...changed, epoch };
  await tx.store.put(now, "current");
  await tx.done;
  return now;
}

/** Change what is known of a member, in one step, unless somebody logged in or out since that epoch. */
export async function changeKnown(
  db: PhoneDatabase,
  { member_id: memberId, epoch }: Current,
  changed: Partial<Known>,
): Promise<void> {
  const tx = db.transaction(["current", "session"], "readwrite");
  const now = (await tx.objectStore("current").get("current")) ?? NOBODY;
  const known = memberId === null ? undefined : await tx.objectStore("session").get(memberId);
  if (known && now.epoch === epoch) await tx.objectStore("session").put({ ...known, ...changed });
  await tx.done;
}

/** Forget what a member saw and typed. Reports that wait or were set aside stay unless `reports` says all. */
export async function wipe(db: PhoneDatabase, memberId: string, reports: "all" | "sent"): Promise<void> {
  const stores = ["session", "route", "acknowledged", "drafts", "reports"] as const;
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  for (const name of ["session", "route", "acknowledged"] as const) await tx.objectStore(name).delete(memberId);
  await tx.objectStore("drafts").delete(OF(memberId));
  const gone = reports === "all" ? OF(memberId) : IDBKeyRange.only([memberId, "answered"]);
  for (let row = await tx.objectStore("reports").index("state").openCursor(gone); row; row = await row.continue())
    await row.delete();
  await tx.done;
}
