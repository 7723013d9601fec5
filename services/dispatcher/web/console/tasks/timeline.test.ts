import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schemas } from "../../api/client.ts";
import { language } from "../../texts/language.ts";
import { timeline } from "./timeline.ts";

const names = {
  team: (id: string) => ({ a: "team-01", b: "team-02" })[id] ?? "",
  kind: (code: string) => code,
  me: "me",
};

function event(id: string, name: string, at: string, more: object = {}) {
  return { id, name, at, team_id: null, member_id: null, account_id: null, data: {}, ...more };
}

function assignment(id: string, team: string, more: object = {}) {
  const said = { en: `Because ${id}.`, zh: `因为${id}。` };
  const members = [{ member_id: "m1", role: "doctor" }];
  return {
    id,
    team_id: team,
    team_code: names.team(team),
    members,
    why: said,
    pinned: false,
    assigned_at: "2026-02-03T08:00:01Z",
    ended_at: null,
    end_note: "",
    ...more,
  };
}

function task(more: object): Schemas["TaskDetail"] {
  return {
    visits: [],
    events: [],
    earlier_assignments: [],
    assignment: null,
    closed_reason: "",
    ...more,
  } as unknown as Schemas["TaskDetail"];
}

test("the story joins events with the assignment and the visit that they name, newest first", () => {
  const visit = {
    id: "v1",
    team_id: "a",
    member_id: "m1",
    members: [{ member_id: "m1", role: "doctor" }],
    outcome: "seen_ok",
    needs_review: [],
    corrected_at: "2026-02-03T09:00:00Z",
  };
  const story = timeline(
    task({
      assignment: assignment("x1", "a"),
      visits: [visit],
      events: [
        event("1-1", "task.created", "2026-02-03T08:00:00Z", { account_id: "me" }),
        event("2-2", "task.assigned", "2026-02-03T08:00:01Z", {
          team_id: "a",
          data: { assignment_id: "x1", pinned: false },
        }),
        event("3-3", "visit.recorded", "2026-02-03T09:00:00Z", {
          team_id: "a",
          member_id: "m1",
          data: { visit_id: "v1", outcome: "seen_ok" },
        }),
        event("3-4", "task.completed", "2026-02-03T09:00:00Z", { team_id: "a" }),
      ],
    }),
    names,
  );
  assert.deepEqual(
    story.map(({ what, by, detail }) => [what, by, detail]),
    [
      ["Completed", "", ""],
      ["Visit: Seen, all well", "Doctor, team-01", ""],
      ["Given to team-01", "", ""],
      ["Taken in", "you", ""],
    ],
  );
  assert.equal(story[1]?.visit?.id, "v1");
});

test("a team that declined is told with its own words, in Chinese too", () => {
  const ended = assignment("x1", "a", { ended_at: "2026-02-03T08:10:00Z", end_note: "dog" });
  const released = event("2-2", "task.released", "2026-02-03T08:10:00Z", {
    team_id: "a",
    data: { reason: "declined" },
  });
  const given = event("1-2", "task.assigned", "2026-02-03T08:00:01Z", { team_id: "a", data: { assignment_id: "x1" } });
  const told = task({ earlier_assignments: [ended], events: [given, released] });
  assert.equal(timeline(told, names)[0]?.what, "Taken from team-01: the team declined");
  assert.equal(timeline(told, names)[0]?.detail, "dog");
  language.value = "zh";
  try {
    assert.equal(timeline(told, names)[0]?.what, "离开team-01：小组拒绝");
    assert.equal(timeline(told, names)[1]?.detail, "因为x1。");
  } finally {
    language.value = "en";
  }
});

test("an assignment that no event names, and an event that nobody has a sentence for, are told all the same", () => {
  const story = timeline(
    task({
      assignment: assignment("x9", "b", { pinned: true }),
      events: [event("1-1", "task.polished_up", "2026-02-03T08:00:00Z")],
    }),
    names,
  );
  assert.deepEqual(
    story.map(({ what }) => what),
    ["Given to team-02 by hand", "task polished up"],
  );
});

test("what a follow-up withdrew or let expire says so, and a contact's call how it came", () => {
  const expired = [event("1-1", "task.expired", "2026-02-03T16:00:00Z")];
  const withdrawn = [event("1-1", "task.cancelled", "2026-02-03T16:00:00Z")];
  const details = [
    timeline(task({ closed_reason: "occurrence_over", events: expired }), names),
    timeline(task({ closed_reason: "window_over", events: expired }), names),
    timeline(task({ closed_reason: "follow_up_converted", events: withdrawn }), names),
  ].map(([entry]) => entry?.detail);
  assert.deepEqual(details, ["the next one of the follow-up was due", "", "the follow-up became another"]);
  const asked = [event("1-1", "contact.added", "2026-02-03T08:00:00Z", { data: { contact_id: "c1" } })];
  assert.equal(timeline(task({ events: asked }), names)[0]?.what, "Taken in as a contact of a case");
});
