/** Random days on one phone: two members, a network that comes and goes, lost answers, two tabs, an app that is closed. */

import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MemoryServer, type Network, PIN } from "./memory-server.ts";

const server = new MemoryServer();
server.serve();
const { database, readCurrent, changeCurrent } = await import("./database.ts");
const { alone } = await import("./delivery.ts");
const { report, readReports, sendSoon, waitingCount } = await import("./queue.ts");
const { sendWaiting } = await import("./sending.ts");
const session = await import("./session.ts");
const { endTabs } = await import("./tabs.ts");

test.after(endTabs);

type Step =
  | { does: "report"; times: number }
  | { does: "send"; tabs: number }
  | { does: "log_in"; who: string }
  | { does: "log_out"; force: boolean }
  | { does: "session_ends" }
  | { does: "network"; is: Network }
  | { does: "closed_and_opened" };

const MEMBERS = ["chen", "lin"];
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant("report" as const), times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant("send" as const), tabs: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("log_in" as const), who: fc.constantFrom(...MEMBERS) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("log_out" as const), force: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ does: "session_ends" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("network" as const),
      is: fc.constantFrom<Network>("up", "down", "loses_answers"),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: "closed_and_opened" } as const) },
);

/** What each member recorded and did not throw away themselves. */
type Recorded = Map<string, string[]>;

async function take(step: Step, recorded: Recorded): Promise<void> {
  switch (step.does) {
    case "report":
      return recordSome(step.times, recorded);
    case "send":
      await Promise.all(Array.from({ length: step.tabs }, () => send()));
      return;
    case "log_in":
      await session.logInByPin({ phone: step.who, pin: PIN });
      await settleDown();
      return;
    case "log_out":
      return logOut(step.force, recorded);
    case "session_ends":
      return server.end(session.me.peek()?.id ?? "");
    case "network":
      server.network = step.is;
      return;
    case "closed_and_opened":
      session.me.value = null;
      await session.readSession();
      await session.findOut();
      return readReports();
  }
}

async function recordSome(times: number, recorded: Recorded): Promise<void> {
  const who = session.me.peek()?.id;
  if (who === undefined) return;
  for (let time = 0; time < times; time++) {
    const ids = await report({ report: "duty", duty: time % 2 ? "on" : "break" });
    recorded.set(who, [...(recorded.get(who) ?? []), ...ids]);
  }
}

/** One tab's attempt, with what it makes of a refused session. */
async function send(): Promise<void> {
  const { epoch } = await readCurrent(await database());
  const delivered = await sendWaiting();
  if (delivered.kind === "logged_out") await session.expire(epoch);
  await readReports();
}

async function logOut(force: boolean, recorded: Recorded): Promise<void> {
  const who = session.me.peek()?.id;
  if (who === undefined) return;
  const waited = await session.countWaiting(who);
  const out = await session.logOut({ force });
  assert.ok(
    out || (!force && waited > 0),
    "only what waits stands in the way of a log-out, and only where it is not forced",
  );
  if (!out) return;
  const counted = new Set(server.counted.map((one) => one.id));
  const kept = (recorded.get(who) ?? []).filter((id) => counted.has(id));
  recorded.set(who, kept);
  await settleDown();
}

/** Let what goes on in the background (a log-out that is paid, a queue that wakes) come to rest. */
async function settleDown(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

async function freshPhone(): Promise<void> {
  const db = await database();
  const names = [...db.objectStoreNames];
  const tx = db.transaction(names, "readwrite");
  await Promise.all(names.map((name) => tx.objectStore(name).clear()));
  await tx.done;
  await changeCurrent(db, () => ({ member_id: null, changing: false, owed: null }));
  session.me.value = null;
  session.sessionState.value = "out";
  server.network = "up";
  server.cookie = null;
  server.counted.length = 0;
  server.answers.clear();
  server.largestInFlight = 0;
}

/** Only what the member still wants told, in the order in which they recorded it. */
function countedOf(who: string, wanted: readonly string[]): string[] {
  return server.counted.filter((one) => one.member === who && wanted.includes(one.id)).map((one) => one.id);
}

test("whatever happens on a phone, each report is told in its own member's name, in order, once, and none is lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 40 }), async (day) => {
      await freshPhone();
      const recorded: Recorded = new Map();
      for (const step of day) await take(step, recorded);
      server.network = "up";
      for (const who of MEMBERS) {
        assert.deepEqual(await session.logInByPin({ phone: who, pin: PIN }), { ok: true });
        await send();
        assert.equal(waitingCount.value, 0, `nothing of ${who} waits any more`);
      }
      for (const who of MEMBERS) {
        const wanted = recorded.get(who) ?? [];
        assert.deepEqual(countedOf(who, wanted), wanted);
        const theirs = new Set(wanted);
        assert.ok(
          server.counted.every((one) => one.member === who || !theirs.has(one.id)),
          "never another's name",
        );
      }
      assert.ok(server.largestInFlight <= 1, "one request at a time, whatever tabs are open");
    }),
    { numRuns: 60 },
  );
});

test("tabs that send at the same moment take turns", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  server.network = "down";
  await report({ report: "duty", duty: "break" });
  await settleDown();
  server.network = "up";
  await Promise.all([send(), send(), send()]);
  assert.equal(server.counted.length, 1);
  assert.equal(server.largestInFlight, 1);
});

test("another member on the phone sees nothing of the first, and the log-in page says how many wait", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  const db = await database();
  await db.put("route", { member_id: "chen", route: {} as never, etag: "1", fetched_at: 1 });
  await db.put("drafts", { member_id: "chen", key: "visit", value: "fever" });
  server.network = "down";
  await report({ report: "duty", duty: "break" });
  server.end("chen");
  server.network = "up";
  await session.logInByPin({ phone: "lin", pin: PIN });
  await readReports();
  assert.equal(session.waitingOfOthers.value, 1);
  assert.equal(waitingCount.value, 0);
  await send();
  assert.deepEqual(server.counted, []);
  assert.equal(await db.get("route", "chen"), undefined);
  assert.equal(await db.get("session", "chen"), undefined);
  assert.deepEqual(await db.getAll("drafts"), []);
});

test("logging out without a signal wipes the phone now and ends the session when there is one", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  server.network = "down";
  await session.logOut({ force: false });
  await settleDown();
  assert.equal(session.sessionState.value, "out");
  assert.notEqual(server.cookie, null);
  server.network = "up";
  await session.findOut();
  assert.equal(server.cookie, null);
  assert.equal(session.me.value, null, "the cookie that was still there logs nobody in again");
});

test("a log-out that is still owed does not end the session of who came next", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  server.network = "down";
  await session.logOut({ force: false });
  server.cookie = { member: "lin", ended: false };
  server.network = "up";
  await session.findOut();
  assert.deepEqual(server.cookie, { member: "lin", ended: false });
});

test("a wrong PIN changes nothing for the member who is logged in", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  assert.deepEqual(await session.logInByPin({ phone: "lin", pin: "0000" }), {
    ok: false,
    why: "wrong",
    retryAfterS: null,
  });
  assert.equal(session.me.value?.id, "chen");
  await report({ report: "duty", duty: "break" });
  await send();
  assert.equal(server.counted.length, 1);
});

test("a log-in whose answer was lost is found out as soon as somebody answers", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  server.network = "loses_answers";
  await session.logInByPin({ phone: "lin", pin: PIN });
  server.network = "up";
  await report({ report: "duty", duty: "break" });
  await send();
  assert.deepEqual(server.counted, [], "while it is open whose the session is, nothing is sent");
  await session.findOut();
  assert.equal(session.me.value?.id, "lin");
});

test("whose the cookie was is not heard any more once somebody logged in", async () => {
  await freshPhone();
  server.cookie = { member: "chen", ended: false };
  let open = () => {};
  const busy = alone("session", () => new Promise<void>((resolve) => (open = resolve)));
  const logsIn = session.logInByPin({ phone: "lin", pin: PIN });
  const asked = session.findOut();
  await new Promise((resolve) => setTimeout(resolve, 20));
  open();
  await Promise.all([busy, logsIn, asked]);
  assert.equal(session.me.value?.id, "lin");
  assert.equal((await readCurrent(await database())).member_id, "lin");
});

test("reports are kept all or none, and what broke is told", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  server.network = "down";
  const add = IDBObjectStore.prototype.add;
  let left = 1;
  IDBObjectStore.prototype.add = function (...given: Parameters<typeof add>) {
    if (left-- === 0) throw new DOMException("full", "QuotaExceededError");
    return add.apply(this, given);
  };
  await assert.rejects(report({ report: "duty", duty: "break" }, { report: "duty", duty: "on" }));
  IDBObjectStore.prototype.add = add;
  await readReports();
  assert.equal(waitingCount.value, 0);
});

test("a phone whose memory fails for a moment goes on sending after it", async () => {
  await freshPhone();
  await session.logInByPin({ phone: "chen", pin: PIN });
  const get = IDBObjectStore.prototype.get;
  IDBObjectStore.prototype.get = () => {
    throw new DOMException("lost", "UnknownError");
  };
  await sendSoon().catch(() => {});
  IDBObjectStore.prototype.get = get;
  await report({ report: "duty", duty: "break" });
  const deadline = Date.now() + 30_000;
  while (server.counted.length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(server.counted.length, 1);
});
