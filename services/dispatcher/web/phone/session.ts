/** Who is logged in on this phone. The phone remembers it, so that it opens without a signal. */

import { signal } from "@preact/signals";
import { api, type Schemas } from "../api/client.ts";
import { patience } from "./connection.ts";
import { type Current, changeCurrent, changeKnown, database, readCurrent, wipe } from "./database.ts";
import { alone } from "./delivery.ts";
import { leavePush } from "./push.ts";
import { payOwedLogOut } from "./sending.ts";
import { tellOthers } from "./tabs.ts";

export type Me = Schemas["Me"];
type LogIn = Schemas["PhoneLogin"] | Schemas["LinkLogin"];

/** `unknown`: the phone's own memory is not read yet. `expired`: the route stays readable, the queue waits for a new log-in. */
export type SessionState = "unknown" | "in" | "expired" | "out";

export type LogInProblem =
  | "wrong"
  | "too_many"
  | "which_district"
  | "link_used"
  | "not_a_number"
  | "no_signal"
  | "server_away"
  | "broken";
export type LogInResult = { ok: true } | { ok: false; why: LogInProblem; retryAfterS: number | null };

export const me = signal<Me | null>(null);
export const sessionState = signal<SessionState>("unknown");
/** How many reports of the member who is logged in have not been sent. */
export const waitingOfMine = signal(0);
/** How many reports of others wait on this phone until they log in again. */
export const waitingOfOthers = signal(0);
/** The phone number to offer at the next log-in. */
export const lastPhone = signal("");

/** Read what the phone remembers. Nobody there, but perhaps the cookie of a browser that forgot the rest: ask whose it is. */
export async function openSession(): Promise<void> {
  await readSession();
  if (sessionState.value !== "unknown") return;
  sessionState.value = "out";
  void findOut();
}

/** Take over what is written in the phone's database, by this tab or another. */
export async function readSession(): Promise<void> {
  const db = await database();
  const { member_id: id } = await readCurrent(db);
  const known = id === null ? undefined : await db.get("session", id);
  if (me.peek()?.id !== known?.me.id || known === undefined) me.value = known?.me ?? null;
  lastPhone.value = known?.phone ?? "";
  if (known) sessionState.value = known.expired ? "expired" : "in";
  else if (sessionState.peek() !== "unknown") sessionState.value = "out";
}

export function logInByPin(given: { phone: string; pin: string; district?: string }): Promise<LogInResult> {
  return logIn({ ...given, district: given.district ?? null, cookie: true }, given.phone);
}

export function logInByLink(token: string): Promise<LogInResult> {
  return logIn({ link_token: token, cookie: true }, null);
}

async function logIn(body: LogIn, phone: string | null): Promise<LogInResult> {
  return alone("session", async () => {
    const db = await database();
    if (!(await payOwedLogOut())) await changeCurrent(db, () => ({ owed: null }));
    await changeCurrent(db, () => ({ changing: true }));
    try {
      const { data, error, response } = await api.POST("/v1/sessions", { body, ...patience() });
      if (!data) {
        await changeCurrent(db, () => ({ changing: false }));
        return { ok: false, why: whyNot(error, "link_token" in body), retryAfterS: retryAfter(response) };
      }
      await adopt(await whoIs(data.who), phone);
      return { ok: true };
    } catch {
      return { ok: false, why: navigator.onLine ? "server_away" : "no_signal", retryAfterS: null };
    }
  });
}

function whyNot(problem: Schemas["Problem"] | undefined, byLink: boolean): LogInProblem {
  switch (problem?.code) {
    case "wrong_credentials":
      return byLink ? "link_used" : "wrong";
    case "too_many_attempts":
    case "too_many_requests":
      return "too_many";
    case "which_district":
      return "which_district";
    case "invalid":
      return byLink ? "link_used" : "not_a_number";
    default:
      return problem === undefined || problem.status >= 500 ? "server_away" : "broken";
  }
}

function retryAfter(response: Response): number | null {
  return Number(response.headers.get("Retry-After")) || null;
}

/** With the signal lost again right after the log-in, what the log-in itself said is enough to begin with. */
async function whoIs(who: Schemas["Who"]): Promise<Me> {
  const { data } = await api.GET("/v1/me", patience()).catch(() => ({ data: undefined }));
  if (data?.id === who.id) return data;
  return {
    id: who.id,
    name: who.name,
    permission: who.permission,
    districts: who.districts,
    leads: false,
    member: null,
  };
}

/** From now on this phone is theirs. Of a member before them it forgets what they saw; their reports wait for them. */
async function adopt(who: Me, phone: string | null): Promise<void> {
  const db = await database();
  for (const before of await db.getAllKeys("session")) if (before !== who.id) await wipe(db, before, "sent");
  const known = await db.get("session", who.id);
  const kept = who.member ? who : (known?.me ?? who);
  await db.put("session", { member_id: who.id, me: kept, phone: phone ?? known?.phone ?? "", expired: false });
  await changeCurrent(db, () => ({ member_id: who.id, changing: false, owed: null }));
  me.value = kept;
  lastPhone.value = phone ?? known?.phone ?? "";
  sessionState.value = "in";
  tellOthers("session");
  void globalThis.navigator.storage?.persist?.();
}

/** Ask whose the session is, and note what comes out. What was asked before somebody else logged in is not heard. */
export async function findOut(): Promise<void> {
  const db = await database();
  if (!(await payOwedLogOut())) return;
  const before = await readCurrent(db);
  const answer = await api.GET("/v1/me", patience()).catch(() => null);
  if (answer === null || (await readCurrent(db)).epoch !== before.epoch) return;
  const who = answer.data;
  if (who?.permission === "member") await hear(who, before);
  else if (who || answer.response.status === 401) await expire(before.epoch);
}

async function hear(who: Me, before: Current): Promise<void> {
  if (who.id !== before.member_id) {
    // A log-in whose answer was lost, or a browser that forgot everything but the cookie.
    if (!before.changing && before.member_id !== null) return expire(before.epoch);
    return alone("session", async () => {
      if ((await readCurrent(await database())).epoch === before.epoch) await adopt(who, null);
    });
  }
  const db = await database();
  await changeKnown(db, before, { me: who, expired: false });
  await settleChange(before);
  if (me.peek()?.id !== who.id) return;
  me.value = who;
  sessionState.value = "in";
}

/** The session of that epoch counts no more. The phone keeps everything and asks to log in again. */
export async function expire(epoch: number): Promise<void> {
  const db = await database();
  const before = await readCurrent(db);
  if (before.epoch !== epoch) return;
  const known = before.member_id === null ? undefined : await db.get("session", before.member_id);
  const ends = known !== undefined && !known.expired;
  if (ends) await changeKnown(db, before, { expired: true });
  await settleChange(before);
  if (!ends) return;
  await readSession();
  tellOthers("session");
}

/** What came of the log-in whose answer never came is known, unless there was another since. */
async function settleChange(before: Current): Promise<void> {
  if (!before.changing) return;
  await changeCurrent(await database(), (was) => (was.epoch === before.epoch ? { changing: false } : {}));
}

/** How many of the member's reports were never sent; where a phone was is not worth a question. */
export async function countWaiting(memberId: string): Promise<number> {
  const db = await database();
  const waiting = await db.getAllFromIndex("reports", "state", [memberId, "waiting"]);
  return waiting.filter((row) => row.body.report !== "position").length;
}

/** Wipes the phone of this member. Returns false, with nothing done, while reports wait and `force` is not set. */
export async function logOut({ force }: { force: boolean }): Promise<boolean> {
  const mine = me.peek();
  if (mine === null) return true;
  if (!force && (await countWaiting(mine.id)) > 0) return false;
  const db = await database();
  await changeCurrent(db, () => ({ member_id: null, changing: false, owed: mine.id }));
  await wipe(db, mine.id, "all");
  await readSession();
  tellOthers("session");
  await Promise.all([dropCaches(), leavePush()]);
  void alone("session", payOwedLogOut);
  return true;
}

/** Everything but the page itself. */
async function dropCaches(): Promise<void> {
  if (typeof caches === "undefined") return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !name.includes("precache")).map((name) => caches.delete(name)));
}
