/** The member's reports: kept on the phone before anything else, sent in order, each counted once. */

import { computed, signal } from "@preact/signals";
import { newId } from "../api/ids.ts";
import { noteAnswer, noteSilence } from "./connection.ts";
import { database, readCurrent } from "./database.ts";
import type { Delivered, Envelope, Sent } from "./delivery.ts";
import { type About, type Answer, deviceTime, type KeptReport, type NewReport } from "./reports.ts";
import { postReports, sendWaiting } from "./sending.ts";
import { expire, me, sessionState, waitingOfMine, waitingOfOthers } from "./session.ts";
import { REPORTS_WAIT } from "./sw-words.ts";
import { tellOthers } from "./tabs.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Answers are kept for screens that still want to tell what came of a report. */
const ANSWERS_KEPT = 200;

/** All of the member's reports that the phone still has, oldest first. */
export const reports = signal<KeptReport[]>([]);
/** Reports that wait, oldest first; positions are left out, nobody misses one. */
export const waitingReports = computed(() =>
  reports.value.filter((one) => one.state === "waiting" && one.body.report !== "position"),
);
export const waitingCount = computed(() => waitingReports.value.length);
/** Refused or kept for review: shown until the member has read why. */
export const setAside = computed(() => reports.value.filter((one) => one.state === "set_aside"));
/** Answers of recent reports by the report's id: "fever: a swab was ordered". */
export const answers = computed<ReadonlyMap<string, Answer>>(
  () => new Map(reports.value.flatMap((one) => (one.answer ? [[one.id, one.answer] as const] : []))),
);
/** Whether reports are on their way just now. */
export const sending = signal(false);

/** What the queue asks of others: which door a report is about, and to look at the server's route once it has answered. */
export const surroundings = { about: (_item: NewReport): About | null => null, answered: () => {} };

/** Keep reports, all of them or none, and send them as soon as there is a signal. Returns their ids, once they are safe on the phone. */
export async function report(...items: NewReport[]): Promise<string[]> {
  const mine = me.peek();
  if (mine === null) throw new Error("nobody is logged in");
  const kept = items.map((item) => newlyKept(item, mine.id));
  const db = await database();
  const tx = db.transaction("reports", "readwrite", { durability: "strict" });
  tx.done.catch(() => {}); // it is awaited below, unless something broke before
  try {
    if (items.some((item) => item.report === "position")) {
      for await (const row of tx.store.index("state").iterate([mine.id, "waiting"]))
        if (row.value.body.report === "position" && row.value.tries === 0) await row.delete();
    }
    for (const one of kept) await tx.store.add(one);
    await tx.done;
  } catch (error) {
    abort(tx);
    throw error;
  }
  await readReports().catch(() => {}); // they are kept: who tried again would record twice
  tellOthers("reports");
  void askForBackgroundSync();
  void sendSoon();
  return kept.map(({ id }) => id);
}

/** A transaction that broke by itself is over already. */
function abort(tx: { abort: () => void }): void {
  try {
    tx.abort();
  } catch {}
}

/** Its key is given by the store. */
function newlyKept(item: NewReport, memberId: string): KeptReport {
  const id = newId();
  const body = { ...item, id, at: deviceTime() } as KeptReport["body"];
  const kept = { id, member_id: memberId, body, about: surroundings.about(item), state: "waiting", tries: 0 } as const;
  return { ...kept, settled: false, answer: null, problem: null } as unknown as KeptReport;
}

/** The member has read why it was set aside. */
export async function dismiss(id: string): Promise<void> {
  const db = await database();
  const tx = db.transaction("reports", "readwrite");
  const row = await tx.store.index("id").get(id);
  if (row?.state === "set_aside") await tx.store.put({ ...row, state: "answered" });
  await tx.done;
  await readReports();
  tellOthers("reports");
}

/** Nothing of this member is to be seen any more. */
export function forgetReports(): void {
  reports.value = [];
  waitingOfMine.value = 0;
}

/** Take over what the phone's database holds. */
export async function readReports(): Promise<void> {
  const db = await database();
  const mine = me.peek()?.id ?? "";
  const all = await db.getAll("reports");
  const own = all.filter((one) => one.member_id === mine);
  const waits = (one: KeptReport) => one.state === "waiting" && one.body.report !== "position";
  if (mine !== (me.peek()?.id ?? "")) return;
  reports.value = own;
  waitingOfMine.value = own.filter(waits).length;
  waitingOfOthers.value = all.filter((one) => one.member_id !== mine && waits(one)).length;
}

/** The server's route was fetched after these were answered: it holds what came of them. */
export async function settle(ids: ReadonlySet<string>): Promise<void> {
  if (ids.size === 0) return;
  const db = await database();
  const tx = db.transaction("reports", "readwrite");
  for await (const row of tx.store)
    if (ids.has(row.value.id) && row.value.state !== "waiting") await row.update({ ...row.value, settled: true });
  const old = (await tx.store.index("state").getAll([me.peek()?.id ?? "", "answered"])).slice(0, -ANSWERS_KEPT);
  for (const one of old) if (one.settled) await tx.store.delete(one.seq);
  await tx.done;
  await readReports();
}

let running = false;
let again = false;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let notBefore = 0;

/** Send now what waits, or right after what is being sent; not before the server wants to hear from us again. */
export async function sendSoon(): Promise<void> {
  again = true;
  if (running || sessionState.peek() !== "in") return;
  if (notBefore > Date.now()) return sendIn(notBefore - Date.now());
  clearTimeout(timer);
  running = true;
  while (again) {
    again = false;
    await sendOnce();
  }
  running = false;
}

/** Never raises: a phone whose memory fails for a moment goes on sending after it. */
async function sendOnce(): Promise<void> {
  const delivered = await attempt().catch((): Delivered => ({ kind: "again", afterS: null }));
  if (delivered.kind !== "again") {
    failures = 0;
    return;
  }
  failures += 1;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures) * (0.5 + Math.random() / 2);
  if (delivered.afterS) notBefore = Date.now() + delivered.afterS * 1_000;
  sendIn(Math.max(pause, notBefore - Date.now()));
}

async function attempt(): Promise<Delivered> {
  const { epoch } = await readCurrent(await database());
  const delivered = await sendWaiting(posting);
  const before = reports.peek();
  await readReports();
  tellOthers("reports");
  if (before.some((one) => one.state === "waiting" && answers.peek().has(one.id))) surroundings.answered();
  if (delivered.kind === "logged_out") await expire(epoch);
  return delivered;
}

function sendIn(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void sendSoon(), ms);
}

async function posting(envelope: Envelope): Promise<Sent> {
  const asked = Date.now();
  sending.value = true;
  try {
    const sent = await postReports(envelope);
    noteAnswer(sent.status);
    return sent;
  } catch (error) {
    noteSilence(Date.now() - asked);
    throw error;
  } finally {
    sending.value = false;
  }
}

/** A closed app sends when the signal is back, where the browser can do that. */
async function askForBackgroundSync(): Promise<void> {
  const worker = await globalThis.navigator.serviceWorker?.getRegistration("/phone");
  await (worker as BackgroundSync | undefined)?.sync?.register(REPORTS_WAIT).catch(() => {});
}

interface BackgroundSync {
  sync?: { register: (tag: string) => Promise<void> };
}
