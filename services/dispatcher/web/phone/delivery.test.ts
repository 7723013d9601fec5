import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase, type PhoneDatabase } from "./database.ts";
import { type Delivered, deliver, type Envelope, type Sent } from "./delivery.ts";
import { problem } from "./memory-server.ts";
import type { Answer, KeptReport, ReportBody } from "./reports.ts";

let opened = 0;

/** A phone on which that many reports of a member wait. */
async function phone(count: number): Promise<PhoneDatabase> {
  opened += 1;
  const db = await openDatabase(`phone-${opened}`);
  for (let place = 0; place < count; place++) {
    const body = { report: "duty", duty: "on", id: `r${place}`, at: "2026-02-03T07:15:00+08:00" } as ReportBody;
    const kept = { id: body.id, member_id: "chen", body, about: null, state: "waiting", settled: false, tries: 0 };
    await db.add("reports", { ...kept, answer: null, problem: null } as unknown as KeptReport);
  }
  return db;
}

interface Sending {
  db: PhoneDatabase;
  answer: (envelope: Envelope) => Sent | null;
}

/** Deliver, and how many reports each request held. Answering null loses the answer. */
async function sent({ db, answer }: Sending): Promise<{ delivered: Delivered; sizes: number[] }> {
  const sizes: number[] = [];
  const delivered = await deliver({
    db,
    memberId: "chen",
    now: () => "2026-02-03T07:16:00+08:00",
    stillThere: async () => true,
    post: async (envelope) => {
      sizes.push(envelope.reports.length);
      const said = answer(envelope);
      if (said === null) throw new TypeError("no signal");
      return said;
    },
  });
  return { delivered, sizes };
}

function all(envelope: Envelope, judge: (id: string) => Partial<Answer> = () => ({})): Sent {
  const items = envelope.reports.map(({ id }) => ({ id, status: "done", problem: null, outcome: null, ...judge(id) }));
  return { status: 200, body: { items }, retryAfterS: null };
}

function refusing(status: number, code: string, more: Partial<Sent> = {}): Sent {
  return { status, body: problem(status, code), retryAfterS: null, ...more };
}

async function states(db: PhoneDatabase): Promise<Record<string, string[]>> {
  const grouped: Record<string, string[]> = {};
  for (const one of await db.getAll("reports")) {
    grouped[one.state] ??= [];
    grouped[one.state]?.push(one.id);
  }
  return grouped;
}

test("two hundred and fifty reports go in three requests", async () => {
  const db = await phone(250);
  const { delivered, sizes } = await sent({ db, answer: (envelope) => all(envelope) });
  assert.deepEqual(delivered, { kind: "done" });
  assert.deepEqual(sizes, [100, 100, 50]);
});

test("a batch that is too large is halved until it fits", async () => {
  const db = await phone(100);
  const answer = (envelope: Envelope) =>
    envelope.reports.length > 30 ? refusing(413, "body_too_large") : all(envelope);
  const { delivered, sizes } = await sent({ db, answer });
  assert.deepEqual(delivered, { kind: "done" });
  assert.deepEqual(sizes.slice(0, 3), [100, 50, 25]);
});

test("one report that nobody can read is set aside with its problem and stops no other", async () => {
  const db = await phone(5);
  const bad = (envelope: Envelope) => envelope.reports.some((one) => one.id === "r2");
  const answer = (envelope: Envelope) => (bad(envelope) ? refusing(400, "malformed_body") : all(envelope));
  const { delivered } = await sent({ db, answer });
  assert.deepEqual(delivered, { kind: "done" });
  assert.deepEqual(await states(db), { answered: ["r0", "r1", "r3", "r4"], set_aside: ["r2"] });
  assert.equal((await db.getFromIndex("reports", "id", "r2"))?.problem?.code, "malformed_body");
});

test("a refused report and one kept for review are set aside, with what the server said", async () => {
  const db = await phone(3);
  const judge = (id: string): Partial<Answer> => {
    if (id === "r0") return { status: "refused", problem: problem(409, "not_your_task") };
    return id === "r1" ? { status: "kept_for_review", needs_review: ["not_held_by_team"] } : {};
  };
  await sent({ db, answer: (envelope) => all(envelope, judge) });
  assert.deepEqual(await states(db), { set_aside: ["r0", "r1"], answered: ["r2"] });
  assert.deepEqual((await db.getFromIndex("reports", "id", "r1"))?.answer?.needs_review, ["not_held_by_team"]);
});

test("a report that breaks the server goes on waiting and the others pass it", async () => {
  const db = await phone(102);
  const judge = (id: string): Partial<Answer> =>
    id === "r1" ? { status: "refused", problem: problem(500, "broken") } : {};
  const { delivered } = await sent({ db, answer: (envelope) => all(envelope, judge) });
  assert.deepEqual(delivered, { kind: "again", afterS: null });
  assert.deepEqual((await states(db)).waiting, ["r1"]);
});

test("a server that breaks on everything is not asked report by report for ever", async () => {
  const db = await phone(50);
  const { delivered, sizes } = await sent({ db, answer: () => refusing(500, "broken") });
  assert.equal(delivered.kind, "again");
  assert.ok(sizes.length <= 5);
  assert.equal((await states(db)).waiting?.length, 50);
});

test("a phone that is full still sends what waits", async (t) => {
  const db = await phone(3);
  t.mock.method(IDBObjectStore.prototype, "put", () => {
    throw new DOMException("full", "QuotaExceededError");
  });
  t.mock.method(IDBCursor.prototype, "update", () => {
    throw new DOMException("full", "QuotaExceededError");
  });
  const sizes: number[] = [];
  const answer = (envelope: Envelope) => {
    sizes.push(envelope.reports.length);
    return all(envelope);
  };
  await assert.rejects(sent({ db, answer }), { name: "QuotaExceededError" });
  assert.deepEqual(sizes, [3]);
});

for (const [what, said] of [
  ["too many requests", refusing(429, "too_many_requests", { retryAfterS: 7 })],
  ["a database that is away", refusing(503, "unavailable", { retryAfterS: 7 })],
] as const)
  test(`after ${what} everything waits until the time that the server names`, async () => {
    const db = await phone(3);
    assert.deepEqual((await sent({ db, answer: () => said })).delivered, { kind: "again", afterS: 7 });
    assert.equal((await states(db)).waiting?.length, 3);
  });

for (const [what, said] of [
  ["a hotel's log-in page", { status: 200, body: null, retryAfterS: null }],
  ["half an answer", { status: 200, body: { items: [] }, retryAfterS: null }],
  ["a proxy's own 404", { status: 404, body: null, retryAfterS: null }],
  ["a proxy's own 400", { status: 400, body: { message: "no" }, retryAfterS: null }],
  ["a page from another address", refusing(403, "cross_origin")],
  ["an older dispatcher that does not know the envelope", olderDispatcher()],
  ["no answer", null],
] as const)
  test(`${what} is no reason to give a report up`, async () => {
    const db = await phone(3);
    assert.equal((await sent({ db, answer: () => said })).delivered.kind, "again");
    assert.equal((await states(db)).waiting?.length, 3);
  });

for (const code of ["not_logged_in", "not_allowed"])
  test(`where the session counts no more (${code}) everything waits for a new log-in`, async () => {
    const db = await phone(2);
    const said = refusing(code === "not_allowed" ? 403 : 401, code);
    assert.deepEqual((await sent({ db, answer: () => said })).delivered, { kind: "logged_out" });
    assert.equal((await states(db)).waiting?.length, 2);
  });

function olderDispatcher(): Sent {
  const errors = [{ in: "body", loc: "member_id", msg: "There is no such field." }];
  return { status: 422, body: problem(422, "invalid", errors), retryAfterS: null };
}
