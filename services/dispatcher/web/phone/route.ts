/** The team's route on this phone: the server's, with what waits in the queue on top. */

import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { api, type Schemas } from "../api/client.ts";
import { serverAhead, serverNow } from "./clock.ts";
import { patience } from "./connection.ts";
import { type Current, database, readCurrent } from "./database.ts";
import { draft, dropDraft, keepDraft } from "./drafts.ts";
import { reports, settle } from "./queue.ts";
import { type KeptReport, tasksOf } from "./reports.ts";
import { type RouteChange, routeChange, type SeenRoute } from "./route-changes.ts";
import { type Held, orderOf, overlay, type PhoneRoute, type ServerRoute } from "./route-overlay.ts";
import { expire, findOut, me } from "./session.ts";
import { tellOthers } from "./tabs.ts";

const fromServer = signal<ServerRoute | null>(null);
const seen = signal<SeenRoute | null>(null);
const held = signal<Held | null>(null);
/** When the server last said that this is the route, in milliseconds by the server's clock. */
export const fetchedAt = signal<number | null>(null);

/** Whatever the server's route may not yet hold: what waits, and what was done since it was fetched. */
const unsettled = computed(() =>
  reports.value.filter((one) => one.state === "waiting" || (one.answer?.status !== "refused" && notSettled(one))),
);

export const route: ReadonlySignal<PhoneRoute | null> = computed(() =>
  fromServer.value ? overlay(fromServer.value, unsettled.value, held.value, serverAhead.value) : null,
);

/** What changed since the member last looked; null: nothing. */
export const changes: ReadonlySignal<RouteChange | null> = computed(() => {
  const [server, known] = [fromServer.value, seen.value];
  if (!server || !known) return null;
  const own = new Set([...server.recorded_today.map((one) => one.task_id), ...ownTasks()]);
  const tasks = server.stops.flatMap((stop) => stop.tasks);
  const underWay = new Set(tasks.filter((task) => task.under_way).map((task) => task.id));
  return routeChange(known, orderOf(server), own, underWay);
});

/** The member's own duty, what waits in the queue included. */
export const duty: ReadonlySignal<Schemas["Duty"] | null> = computed(() => {
  const said = unsettled.value.map((one) => one.body).findLast((body) => body.report === "duty");
  return said?.report === "duty" ? said.duty : (me.value?.member?.duty ?? null);
});

/** Since when the member wears a protective suit, what waits in the queue included; null: wears none. */
export const suitSince: ReadonlySignal<string | null> = computed(() => {
  const known = me.value?.member?.suit_since ?? null;
  return unsettled.value.reduce<string | null>((since, { body }) => {
    if (body.report === "duty" && body.duty === "off") return null;
    return body.report !== "suit" ? since : body.on ? (since ?? body.at) : null;
  }, known);
});

function notSettled(one: KeptReport): boolean {
  return one.answer !== null && !one.settled;
}

const LEAVES: ReadonlySet<string> = new Set(["visit", "decline", "hand_over"]);

/** Tasks that this phone said something about after which nobody is surprised to see them gone. */
function ownTasks(): string[] {
  return reports.value.filter((one) => LEAVES.has(one.body.report)).flatMap((one) => tasksOf(one.body));
}

/** The member has seen the route as it is now. */
export async function acknowledgeChanges(): Promise<void> {
  const server = fromServer.peek();
  const mine = me.peek()?.id;
  if (!server || mine === undefined) return;
  seen.value = { order: orderOf(server), closed: [] };
  await keepSeen(mine, seen.value);
}

async function keepSeen(memberId: string, { order, closed }: SeenRoute): Promise<void> {
  const db = await database();
  await db.put("acknowledged", { member_id: memberId, order: [...order], closed: [...closed] });
  tellOthers("route");
}

const HELD = "held";

/**
 * The member is at this stop (recording, say): it stays where it is on the route until `letGo`, whatever the server says, and also where
 * the page is loaded anew meanwhile.
 */
export function hold(key: string): void {
  const now = route.peek();
  if (now === null || held.peek()?.stop.key === key) return;
  const place = now.stops.findIndex((stop) => stop.key === key);
  const stop = now.stops[place];
  const forms = now.forms.filter((form) => stop?.tasks.some(({ kind }) => kind === form.kind));
  const before = draft<Held>(HELD);
  if (stop) held.value = { stop, place, forms };
  else if (before?.stop.key === key) held.value = before;
  if (held.peek()) keepDraft(HELD, held.peek());
}

export function letGo(): void {
  held.value = null;
  dropDraft(HELD);
}

/** Heard that a task is over: when it vanishes from the route, nobody took it away. */
export function noteClosed(taskId: string): void {
  const known = seen.peek();
  const mine = me.peek()?.id;
  if (!known?.order.includes(taskId) || known.closed.includes(taskId) || mine === undefined) return;
  seen.value = { ...known, closed: [...known.closed, taskId] };
  void keepSeen(mine, seen.value);
}

/** Take over what the phone's database holds. */
export async function readRoute(): Promise<void> {
  const mine = me.peek()?.id ?? "";
  const db = await database();
  const [kept, known] = await Promise.all([db.get("route", mine), db.get("acknowledged", mine)]);
  if (mine !== (me.peek()?.id ?? "")) return;
  batch(() => {
    fromServer.value = kept?.route ?? null;
    fetchedAt.value = kept?.fetched_at ?? null;
    seen.value = known ?? null;
    if (!kept) held.value = null;
  });
}

/** Nothing of this member is to be seen any more. */
export function forgetRoute(): void {
  batch(() => {
    fromServer.value = null;
    fetchedAt.value = null;
    seen.value = null;
    held.value = null;
  });
}

let asking: Promise<void> | null = null;
let askAgain = false;

/** Ask now; whoever asks while an answer is on its way gets a newer one. */
export function refresh(): Promise<void> {
  if (asking) {
    askAgain = true;
    return asking;
  }
  asking = (async () => {
    do {
      askAgain = false;
      await ask();
    } while (askAgain);
  })().finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(): Promise<void> {
  const db = await database();
  const current = await readCurrent(db);
  if (current.changing || current.owed !== null) return findOut();
  const id = current.member_id;
  if (id === null || id !== me.peek()?.id) return;
  const answered = reports.peek().filter(notSettled);
  const etag = (await db.get("route", id))?.etag;
  const headers = etag ? { "If-None-Match": etag } : {};
  const asked = await api.GET("/v1/me/route", { headers, ...patience() }).catch(() => null);
  if (asked === null) return;
  if (asked.response.status === 401 || asked.response.status === 403) return expire(current.epoch);
  if (!asked.data && asked.response.status !== 304) return;
  if (answered.some((one) => one.body.report === "duty" || one.body.report === "suit")) await findOut();
  await keep(current, asked.data, asked.response.headers.get("ETag") ?? etag ?? "");
  await settle(new Set(answered.map((one) => one.id)));
}

/** Keep an answer, unless somebody else logged in (or the member out) since it was asked for. */
async function keep(current: Current, data: ServerRoute | undefined, etag: string): Promise<void> {
  const id = current.member_id ?? "";
  const db = await database();
  const tx = db.transaction(["current", "route", "acknowledged"], "readwrite");
  if ((await tx.objectStore("current").get("current"))?.epoch !== current.epoch) return tx.done;
  const kept = await tx.objectStore("route").get(id);
  const fresh = data ?? kept?.route;
  if (fresh) {
    await tx.objectStore("route").put({ member_id: id, route: fresh, etag, fetched_at: serverNow() });
    const acknowledged = tx.objectStore("acknowledged");
    if (!(await acknowledged.get(id))) await acknowledged.put({ member_id: id, order: orderOf(fresh), closed: [] });
  }
  await tx.done;
  if (data) tellOthers("route");
  if (me.peek()?.id !== id) return;
  if (data || !fromServer.peek()) await readRoute();
  else fetchedAt.value = serverNow();
}
