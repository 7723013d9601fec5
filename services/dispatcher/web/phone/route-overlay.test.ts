import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeptReport, NewReport } from "./reports.ts";
import { aboutOf, overlay, type ServerRoute } from "./route-overlay.ts";

const AT = "2026-02-03T07:15:00+08:00";

/** A route of doors named by letters; `a` has two tasks: `a1`, `a2`. */
function route(doors: string, more: Partial<ServerRoute> = {}): ServerRoute {
  const stops = [...doors].map((door) => ({
    break: false,
    household_id: door,
    address: `${door} road`,
    tasks: [`${door}1`, ...(door === "a" ? ["a2"] : [])].map((id) => ({
      id,
      kind: "delivery",
      names: { en: id },
      subject: { name: `at ${door}`, phone: "", flags: {} },
      accepted: false,
      under_way: false,
      departed_at: null,
      arrived_at: null,
    })),
  }));
  return { team_id: "t", version: 1, stops, forms: [], recorded_today: [], ...more } as unknown as ServerRoute;
}

function said(item: NewReport, on: ServerRoute, id = "r1"): KeptReport {
  const about = aboutOf(item, overlay(on, [], null));
  const body = { ...item, id, at: AT } as KeptReport["body"];
  return {
    seq: 1,
    id,
    member_id: "m",
    body,
    about,
    state: "waiting",
    settled: false,
    tries: 0,
    answer: null,
    problem: null,
  };
}

const visit = (task_id: string): NewReport => ({
  report: "visit",
  task_id,
  outcome: "seen_ok",
  result: {},
  form_version: 1,
  note: "",
});
const doorsOf = (shown: ReturnType<typeof overlay>) => shown.stops.map((stop) => stop.key).join("");
const tasksOf = (shown: ReturnType<typeof overlay>) => shown.stops.flatMap((stop) => stop.tasks.map((task) => task.id));

test("a recorded task is off the route and among what was recorded, before the server knows", () => {
  const server = route("ab");
  const shown = overlay(server, [said(visit("a1"), server)], null);
  assert.deepEqual(tasksOf(shown), ["a2", "b1"]);
  const [recorded] = shown.recorded_today;
  assert.equal(recorded?.waiting, true);
  assert.equal(recorded?.address, "a road");
  assert.equal(recorded?.outcome, "seen_ok");
});

test("what the server knows too is listed once", () => {
  const known = { id: "r1", task_id: "a1", struck: false } as ServerRoute["recorded_today"][number];
  const server = route("b", { recorded_today: [known] });
  assert.equal(overlay(server, [said(visit("a1"), route("ab"))], null).recorded_today.length, 1);
});

test("a door that the team set out for comes first, all its tasks under way", () => {
  const server = route("ba");
  const shown = overlay(server, [said({ report: "depart", task_id: "a2" }, server)], null);
  assert.equal(doorsOf(shown), "ab");
  assert.ok(shown.stops[0]?.tasks.every((task) => task.under_way && task.departed_at === AT));
});

test("what was kept and handed over here at the end of a shift shows at once", () => {
  const server = route("bcd");
  const kept = said({ report: "keep", task_ids: ["b1"] }, server);
  const handed = said({ report: "hand_over", task_ids: ["c1"], note: "dog" }, server);
  const shown = overlay(server, [kept, handed], null);
  assert.deepEqual(tasksOf(shown), ["b1", "d1"]);
  const [task] = shown.stops[0]?.tasks ?? [];
  assert.deepEqual([task?.kept, task?.accepted], [true, true]);
});

test("what was accepted and declined here shows at once", () => {
  const server = route("abc");
  const accepted = said({ report: "accept", task_ids: ["b1"] }, server);
  const declined = said({ report: "decline", task_id: "c1", reason: "far" }, server);
  const shown = overlay(server, [accepted, declined], null);
  assert.equal(doorsOf(shown), "ab");
  assert.equal(shown.stops[1]?.tasks[0]?.accepted, true);
});

test("a corrected visit is struck and what replaces it is there", () => {
  const server = route("a");
  const wrong = said(visit("a1"), server);
  const right: NewReport = {
    report: "correct",
    visit_id: "r1",
    visit: { outcome: "refused", result: {}, form_version: 1, note: "" },
  };
  const shown = overlay(server, [wrong, said(right, server, "r2")], null);
  assert.deepEqual(
    shown.recorded_today.map((one) => [one.id, one.struck, one.outcome, one.replaces_id]),
    [
      ["r1", true, "seen_ok", null],
      ["r2", false, "refused", "r1"],
    ],
  );
});

test("the police see no findings, not even their own that wait", () => {
  const server = route("b");
  const kept = said(visit("b1"), server);
  const shown = overlay(server, [{ ...kept, about: kept.about && { ...kept.about, kind: null } }], null);
  assert.equal(shown.recorded_today[0]?.outcome, null);
  assert.equal(shown.recorded_today[0]?.note, null);
});

test("the door that the member is at stays in its place with its tasks, and says that it is gone", () => {
  const before = overlay(route("abc"), [], null);
  const held = { stop: before.stops[1] as (typeof before.stops)[number], place: 1, forms: [] };
  const shown = overlay(route("cad"), [], held);
  assert.equal(doorsOf(shown), "cbad");
  assert.equal(shown.stops[1]?.tasks[0]?.gone, true);
  assert.equal(doorsOf(overlay(route("cab"), [], held)), "cba", "still with the team: not gone, and not twice");
});

test("a task that came to the held door is shown there, and one recorded there is not brought back", () => {
  const one = route("a");
  const door = one.stops[0];
  if (door) door.tasks = door.tasks.slice(0, 1);
  const held = { stop: overlay(one, [], null).stops[0] as never, place: 0, forms: [] };
  const server = route("a");
  assert.deepEqual(tasksOf(overlay(server, [], held)), ["a1", "a2"]);
  assert.deepEqual(tasksOf(overlay(server, [said(visit("a1"), server)], held)), ["a2"]);
});

test("the form of a task that moved away stays as long as the member is at its door", () => {
  const form = (kind: string, version: number) => ({ kind, version }) as ServerRoute["forms"][number];
  const stop = overlay(route("b"), [], null).stops[0] as never;
  const held = { stop, place: 0, forms: [form("delivery", 1), form("swab", 1)] };
  const shown = overlay(route("c", { forms: [form("swab", 2)] }), [], held);
  assert.deepEqual(shown.forms, [form("swab", 2), form("delivery", 1)]);
});

test("what was recorded here is told by the server's clock, however wrong the phone's own is", () => {
  const server = route("b");
  const [recorded] = overlay(server, [said(visit("b1"), server)], null, 86_400_000).recorded_today;
  assert.equal(recorded?.at, "2026-02-03T23:15:00.000Z");
});

test("a household that is on the route twice has two keys", () => {
  assert.equal(new Set(overlay(route("bcb"), [], null).stops.map((stop) => stop.key)).size, 3);
});

test("an alarm acknowledged here is, before the server knows; a route kept by an older version has none", () => {
  const alarm = { id: "x", what: "overdue", task_id: "a1", acknowledged_at: null, acknowledged_by: null };
  const server = route("a", { alarms: [alarm, { ...alarm, id: "y" }] } as unknown as Partial<ServerRoute>);
  const shown = overlay(server, [said({ report: "acknowledge", alarm_id: "x" }, server)], null);
  assert.deepEqual(
    shown.alarms.map(({ id, acknowledged_at }) => [id, acknowledged_at]),
    [
      ["x", AT],
      ["y", null],
    ],
  );
  assert.deepEqual(overlay(route("a"), [], null).alarms, []);
});
