import assert from "node:assert/strict";
import { test } from "node:test";
import type { Stop, Task } from "../route-overlay.ts";
import { grouped, remembered } from "./changed.ts";
import {
  acceptable,
  countdown,
  isCall,
  nextStop,
  numbered,
  opensOf,
  peopleOf,
  plannedLate,
  progressOf,
} from "./doors.ts";
import { findings, howOf, type PhoneForm } from "./findings.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");

function task(given: Partial<Task> = {}): Task {
  return {
    id: "t1",
    kind: "temperature_check",
    names: { en: "Temperature check", zh: "体温测量" },
    channel: "visit",
    status: "assigned",
    accepted: false,
    pinned: false,
    kept: false,
    assigned_at: "2026-03-01T11:00:00Z",
    handovers: [],
    follow_up: null,
    caller: null,
    specimens: null,
    under_way: false,
    needed: true,
    departed_at: null,
    arrived_at: null,
    begin_at: "2026-03-01T12:10:00Z",
    earliest: "2026-03-01T11:00:00Z",
    due_at: "2026-03-01T13:00:00Z",
    service_s: 180,
    suit: false,
    priority: 3,
    instructions: "",
    subject: null,
    capabilities: [],
    attempt: 1,
    max_attempts: 3,
    form_version: 1,
    warnings: [],
    gone: false,
    ...given,
  };
}

function stop(key: string, tasks: Task[], given: Partial<Stop> = {}): Stop {
  return {
    key,
    tasks,
    break: false,
    household_id: key,
    address: `${key} Garden Road`,
    lat: 31.2,
    lon: 121.4,
    access_notes: "",
    travel_s: 60,
    arrive_at: "2026-03-01T12:10:00Z",
    leave_at: "2026-03-01T12:20:00Z",
    ...given,
  };
}

test("a countdown is calm, then soon with seconds at the end, then late", () => {
  assert.deepEqual(countdown("2026-03-01T13:00:00Z", NOON), { pressure: "calm", leftMs: 3_600_000, ticking: null });
  assert.deepEqual(countdown("2026-03-01T12:09:05Z", NOON), { pressure: "soon", leftMs: 545_000, ticking: "9:05" });
  assert.deepEqual(countdown("2026-03-01T11:59:00Z", NOON), { pressure: "late", leftMs: -60_000, ticking: null });
});

test("the next stop is the one that the team is under way to, else the first, a break included", () => {
  const pause = stop("break", [], { break: true });
  const there = stop("b", [task({ id: "t2", under_way: true })]);
  assert.equal(nextStop([stop("a", [task()]), there])?.key, "b");
  assert.equal(nextStop([pause, stop("a", [task()])])?.key, "break");
  assert.equal(nextStop([stop("empty", [])]), undefined);
});

test("what may be accepted lies among the next few stops, breaks apart, and is not accepted yet", () => {
  const stops = [
    stop("a", [task({ id: "1", accepted: true, status: "accepted" }), task({ id: "2" })]),
    stop("break", [], { break: true }),
    stop("b", [task({ id: "3", accepted: true, status: "accepted" })]),
    stop("c", [task({ id: "4" })]),
    stop("d", [task({ id: "5" })]),
  ];
  assert.deepEqual(acceptable(stops, 3), [["2"], ["4"]]);
});

test("a stop is a call where every task of it is one, and late by its latest task", () => {
  assert.equal(isCall(stop("a", [task({ channel: "phone" })])), true);
  assert.equal(isCall(stop("a", [task({ channel: "phone" }), task()])), false);
  const late = task({ begin_at: "2026-03-01T13:20:00Z" });
  assert.equal(plannedLate(stop("a", [task(), late])), 20 * 60_000);
});

test("a window that is not open yet is told, an open one is not", () => {
  assert.equal(opensOf(stop("a", [task()]), NOON), undefined);
  assert.equal(opensOf(stop("a", [task({ earliest: "2026-03-01T12:30:00Z" })]), NOON), "2026-03-01T12:30:00Z");
});

test("progress is told by what was pressed", () => {
  assert.equal(progressOf(stop("a", [task()])), "ahead");
  assert.equal(progressOf(stop("a", [task({ departed_at: "2026-03-01T12:00:00Z" })])), "departed");
  assert.equal(progressOf(stop("a", [task({ arrived_at: "2026-03-01T12:00:00Z" })])), "arrived");
});

test("each person of a door is named once, with the flags that say something", () => {
  const subject = { name: "Li", phone: "139", flags: { deaf: true, dog: false, language: "en" } as never };
  assert.deepEqual(peopleOf(stop("a", [task({ subject }), task({ id: "t2", subject })])), [
    {
      name: "Li",
      phone: "139",
      flags: [
        { name: "deaf", value: "" },
        { name: "language", value: "en" },
      ],
    },
  ]);
});

test("breaks have no number in the list", () => {
  const stops = [stop("a", []), stop("break", [], { break: true }), stop("b", [])];
  assert.deepEqual(
    numbered(stops).map(({ number }) => number),
    [1, null, 2],
  );
});

test("a door that moved away keeps its name until the change is read, and two tasks of it count once", () => {
  const before = remembered({}, [stop("a", [task(), task({ id: "t2" })])], []);
  const after = remembered(before, [], ["t1", "t2"]);
  assert.deepEqual(
    grouped(["t1", "t2", "unknown"], after).map(({ address }) => address),
    ["a Garden Road", ""],
  );
  assert.deepEqual(remembered(after, [], []), {});
});

const FORM = {
  kind: "temperature_check",
  version: 2,
  schema: {},
  fever_above_c: 37.3,
  on_fever: [],
} as unknown as PhoneForm;

test("a temperature above the line is not well, whatever was pressed; on the line it is well", () => {
  const sent = (temperature_c: number) =>
    findings("seen_ok", FORM, { result: { temperature_c }, words: "" }, "").outcome;
  assert.deepEqual([sent(37.3), sent(37.4)], ["seen_ok", "seen_not_ok"]);
});

test("who saw nobody sends no result, and the note all the same", () => {
  const sent = findings("unavailable", FORM, { result: { temperature_c: 39 }, words: "where: gate" }, " twice rung ");
  assert.deepEqual(sent, {
    outcome: "unavailable",
    result: {},
    form_version: 2,
    note: "twice rung",
    position: null,
  });
});

test("how something is measured is kept for the next time, what is found is not", () => {
  const field = (name: string) => ({
    name,
    shape: "choice" as const,
    label: { en: "", zh: "" },
    required: true,
    options: [],
  });
  assert.deepEqual(howOf([field("method"), field("mood")], { method: "ear", mood: "low" }), { method: "ear" });
});
