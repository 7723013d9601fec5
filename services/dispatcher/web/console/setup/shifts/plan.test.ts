import assert from "node:assert/strict";
import { test } from "node:test";
import { type Problem, Refused } from "../../../api/client.ts";
import { wallClock } from "../../zone.ts";
import { copied, type Draft, fitting, middleBreak, type PlanOf, planned, refused, type Shift } from "./plan.ts";

const SHANGHAI = "Asia/Shanghai";
const BERLIN = "Europe/Berlin";

const plan = (given: Partial<PlanOf>): PlanOf => ({
  teams: ["A"],
  days: ["2026-02-02"],
  pattern: "own",
  own: { from: "08:00", until: "16:00" },
  withBreak: false,
  timeZone: SHANGHAI,
  usual: null,
  ...given,
});

const hours = (drafts: readonly Draft[], zone = SHANGHAI) =>
  drafts.map(
    ({ team_id, starts_at, ends_at }) => `${team_id} ${wallClock(starts_at, zone)} ${wallClock(ends_at, zone)}`,
  );

test("teams take turns through three shifts of eight hours", () => {
  assert.deepEqual(hours(planned(plan({ teams: ["A", "B", "C", "D"], pattern: "turns" }))), [
    "A 2026-02-02T00:00 2026-02-02T08:00",
    "B 2026-02-02T08:00 2026-02-02T16:00",
    "C 2026-02-02T16:00 2026-02-03T00:00",
    "D 2026-02-02T00:00 2026-02-02T08:00",
  ]);
});

test("a team on standby works all three shifts, one after the other", () => {
  const drafts = planned(plan({ pattern: "standby", days: ["2026-02-02", "2026-02-03"] }));
  assert.equal(drafts.length, 6);
  assert.deepEqual(
    drafts.slice(1).map(({ starts_at }) => starts_at),
    drafts.slice(0, -1).map(({ ends_at }) => ends_at),
  );
});

test("a shift that ends before it begins by the clock ends on the next day", () => {
  const drafts = planned(plan({ own: { from: "22:00", until: "06:00" } }));
  assert.deepEqual(hours(drafts), ["A 2026-02-02T22:00 2026-02-03T06:00"]);
});

test("a night in which clocks go forward is an hour shorter, not an hour later", () => {
  const [night] = planned(plan({ days: ["2026-03-28"], own: { from: "22:00", until: "06:00" }, timeZone: BERLIN }));
  assert.equal(Date.parse(night?.ends_at ?? "") - Date.parse(night?.starts_at ?? ""), 7 * 3_600_000);
});

test("the district's break begins so long after the start, within its window, and not where the shift is too short", () => {
  const usual = { lastsS: 2700, afterS: 3 * 3600, windowS: 2 * 3600 };
  const [draft] = planned(plan({ withBreak: true, usual }));
  assert.deepEqual(
    [draft?.break?.earliest, draft?.break?.latest].map((at) => wallClock(at ?? "", SHANGHAI).slice(11)),
    ["11:00", "13:00"],
  );
  assert.equal(draft?.break?.duration_s, 2700);
  const [short] = planned(plan({ withBreak: true, usual, own: { from: "08:00", until: "11:30" } }));
  assert.equal(short?.break, null);
});

test("a break begins about the middle and ends before the shift does", () => {
  const [draft] = planned(plan({ withBreak: true }));
  assert.deepEqual(
    [draft?.break?.earliest, draft?.break?.latest].map((at) => wallClock(at ?? "", SHANGHAI).slice(11)),
    ["11:00", "13:00"],
  );
});

test("a shift too short for a break has none", () => {
  assert.equal(middleBreak(0, 2 * 3_600_000), null);
});

test("last week's shifts are copied by the clock, across a change of clocks", () => {
  const shift = {
    team_id: "A",
    starts_at: "2026-03-23T08:00:00+01:00",
    ends_at: "2026-03-23T16:00:00+01:00",
    break: { earliest: "2026-03-23T11:00:00+01:00", latest: "2026-03-23T12:00:00+01:00", duration_s: 900 },
  } as Shift;
  const [copy] = copied([shift], BERLIN);
  assert.deepEqual(hours(copy ? [copy] : [], BERLIN), ["A 2026-03-30T08:00 2026-03-30T16:00"]);
  assert.equal(wallClock(copy?.break?.earliest ?? "", BERLIN), "2026-03-30T11:00");
});

test("what overlaps a shift of the same team is left out, what only touches it is not", () => {
  const drafts = planned(plan({ teams: ["A", "B"], pattern: "standby" }));
  const known = [{ team_id: "A", starts_at: "2026-02-02T10:00:00+08:00", ends_at: "2026-02-02T16:00:00+08:00" }];
  assert.deepEqual(
    hours(fitting(drafts, known)).filter((text) => text.startsWith("A")),
    ["A 2026-02-02T00:00 2026-02-02T08:00", "A 2026-02-02T16:00 2026-02-03T00:00"],
  );
});

const problem = (locs: readonly string[]) =>
  new Refused({
    status: 409,
    code: "shift_overlaps",
    title: "Overlap",
    errors: locs.map((loc) => ({ in: "body", loc, msg: `bad ${loc}` })),
  } as Problem);

test("the API's complaints land at the very shifts", () => {
  const drafts = planned(plan({ pattern: "standby" }));
  const marked = refused(drafts, problem(["1", "2.ends_at"]), (_, msg) => msg);
  assert.deepEqual(
    marked?.map(({ wrong }) => wrong),
    [undefined, "bad 1", "bad 2.ends_at"],
  );
});

test("a complaint about the only shift names its field without a number", () => {
  const marked = refused(planned(plan({})), problem(["starts_at"]), (_, msg) => msg);
  assert.equal(marked?.[0]?.wrong, "bad starts_at");
});

test("no answer is no complaint about a shift", () => {
  assert.equal(
    refused(planned(plan({})), new Error("away"), (_, msg) => msg),
    undefined,
  );
});
