/** Sends what waits of one member, in order; an id that was sent before is answered as before, so nothing counts twice. */

import type { PhoneDatabase } from "./database.ts";
import type { Answer, KeptReport, Problem, ReportBody } from "./reports.ts";

export interface Envelope {
  sent_at: string;
  member_id: string;
  reports: ReportBody[];
}

/** An answer of whatever status, with its body as JSON (null: none). */
export interface Sent {
  status: number;
  body: unknown;
  retryAfterS: number | null;
}

/** Raises where no answer came. */
export type Post = (envelope: Envelope) => Promise<Sent>;

/** `again`: something still waits for a better moment. `logged_out`: the session counts no more, or is another's. */
export type Delivered = { kind: "done" } | { kind: "again"; afterS: number | null } | { kind: "logged_out" };

export interface Delivery {
  db: PhoneDatabase;
  memberId: string;
  post: Post;
  /** Whether this member is still the one who is logged in; asked before each request. */
  stillThere: () => Promise<boolean>;
  now: () => string;
}

const LARGEST_BATCH = 100;
/** A server that breaks on this many reports one after the other is broken itself. */
const MOST_BROKEN = 3;
const LOGGED_OUT: Delivered = { kind: "logged_out" };

/** Send until nothing waits. Let one run at a time: see `alone`. */
export async function deliver(delivery: Delivery): Promise<Delivered> {
  const skipped = new Set<number>();
  let size = LARGEST_BATCH;
  while (true) {
    if (!(await delivery.stillThere())) return { kind: "again", afterS: null };
    const batch = await takeBatch(delivery, size, skipped);
    if (batch.length === 0) return skipped.size > 0 ? { kind: "again", afterS: null } : { kind: "done" };
    const sent = await send(delivery, batch);
    if (sent === null) return { kind: "again", afterS: null };
    const items = answersIn(sent, batch);
    const problem = problemIn(sent);
    if (items) {
      for (const seq of await keepAnswers(delivery.db, batch, items)) skipped.add(seq);
      size = LARGEST_BATCH;
    } else if (isLoggedOut(problem)) {
      return LOGGED_OUT;
    } else if (problem === null || isForLater(problem)) {
      return { kind: "again", afterS: sent.retryAfterS };
    } else if (batch.length > 1) {
      size = problem.status === 413 ? Math.ceil(batch.length / 2) : 1;
    } else if (problem.status >= 500) {
      for (const one of batch) skipped.add(one.seq);
      if (skipped.size >= MOST_BROKEN) return { kind: "again", afterS: sent.retryAfterS };
    } else {
      await setAside(delivery.db, batch, problem);
      size = LARGEST_BATCH;
    }
  }
}

async function send(delivery: Delivery, batch: KeptReport[]): Promise<Sent | null> {
  const reports = batch.map((one) => one.body);
  try {
    return await delivery.post({ sent_at: delivery.now(), member_id: delivery.memberId, reports });
  } catch {
    return null;
  }
}

/** The oldest that wait. A phone without room to mark them still sends them. */
async function takeBatch({ db, memberId }: Delivery, size: number, skipped: Set<number>): Promise<KeptReport[]> {
  const batch: KeptReport[] = [];
  const { store } = db.transaction("reports");
  for await (const row of store.index("state").iterate(IDBKeyRange.only([memberId, "waiting"]))) {
    if (batch.length === size) break;
    if (!skipped.has(row.value.seq)) batch.push(row.value);
  }
  await markTried(db, batch).catch(() => {});
  return batch;
}

/** A position that never left the phone may still be replaced by a newer one. */
async function markTried(db: PhoneDatabase, batch: readonly KeptReport[]): Promise<void> {
  const tx = db.transaction("reports", "readwrite");
  tx.done.catch(() => {});
  for (const { seq } of batch) {
    const row = await tx.store.get(seq);
    if (row) await tx.store.put({ ...row, tries: row.tries + 1 });
  }
  await tx.done;
}

/** One answer for each report, or null where the body is nothing of ours: a hotel's log-in page, half an answer. */
function answersIn(sent: Sent, batch: KeptReport[]): Answer[] | null {
  const body = sent.body as { items?: unknown } | null;
  if (sent.status !== 200 || !Array.isArray(body?.items) || body.items.length !== batch.length) return null;
  const items = body.items as Answer[];
  return items.every((item, place) => item.id === null || item.id === batch[place]?.id) ? items : null;
}

function problemIn(sent: Sent): Problem | null {
  const body = sent.body as Problem | null;
  return sent.status >= 400 && typeof body?.code === "string" && body.status === sent.status ? body : null;
}

function isLoggedOut(problem: Problem | null): boolean {
  return problem?.status === 401 || problem?.code === "not_allowed";
}

/** Nothing is wrong with the reports: the address, the place they come from, the load, the database, an older dispatcher. */
function isForLater(problem: Problem): boolean {
  const elsewhere = problem.errors?.length && !problem.errors.some((error) => error.loc.startsWith("reports"));
  return problem.status > 500 || [403, 404, 405, 408, 409, 425, 429].includes(problem.status) || Boolean(elsewhere);
}

/** Returns those that the server could not keep: they go on waiting. */
async function keepAnswers(db: PhoneDatabase, batch: KeptReport[], items: Answer[]): Promise<number[]> {
  const broken: number[] = [];
  const tx = db.transaction("reports", "readwrite", { durability: "strict" });
  for (const [place, { seq }] of batch.entries()) {
    const answer = items[place];
    const row = await tx.store.get(seq);
    if (!row || !answer) continue;
    if (answer.problem && answer.problem.status >= 500) broken.push(seq);
    else await tx.store.put({ ...row, state: stateAfter(row, answer), answer, problem: answer.problem });
  }
  await tx.done;
  return broken;
}

function stateAfter(row: KeptReport, answer: Answer): "answered" | "set_aside" {
  return answer.status === "done" || row.body.report === "position" ? "answered" : "set_aside";
}

async function setAside(db: PhoneDatabase, batch: KeptReport[], problem: Problem): Promise<void> {
  const tx = db.transaction("reports", "readwrite", { durability: "strict" });
  for (const { seq } of batch) {
    const row = await tx.store.get(seq);
    if (row) await tx.store.put({ ...row, state: "set_aside", problem });
  }
  await tx.done;
}

const ownTurn = new Map<string, Promise<unknown>>();

/** Runs alone among all tabs and the service worker; where the browser has no locks, among this page's own. */
export function alone<T>(what: "reports" | "session", run: () => Promise<T>): Promise<T> {
  const name = `doorstep-${what}`;
  if (globalThis.navigator?.locks) return navigator.locks.request(name, run) as Promise<T>;
  const turn = (ownTurn.get(name) ?? Promise.resolve()).then(run, run);
  ownTurn.set(name, turn);
  return turn;
}
