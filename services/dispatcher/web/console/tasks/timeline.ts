/** What happened to a task, as one story: its events, joined with the assignments and visits that they name. */

import type { Schemas } from "../../api/client.ts";
import { ENDED, FIELDS, HISTORY, RELEASE_CODES } from "../../texts/console-tasks.ts";
import { language, type Text, t } from "../../texts/language.ts";
import { ALARM, ALARM_LEVEL, OUTCOME, WAITING } from "../../texts/words.ts";
import { listed, roleName, wordOf } from "./words.ts";

type Task = Schemas["TaskDetail"];
type Event = Schemas["TaskEvent"];
export type Visit = Schemas["VisitOut"];
type Assignment = Schemas["AssignmentOut"];

export type Tone = "good" | "warn" | "bad" | "plain";

export interface Entry {
  readonly key: string;
  readonly at: string;
  readonly what: string;
  /** By whom; empty: by itself. */
  readonly by: string;
  /** A sentence or a person's own words on it. */
  readonly detail: string;
  readonly tone: Tone;
  readonly visit: Visit | undefined;
}

/** What the story needs besides the task. */
export interface Names {
  readonly team: (id: string) => string;
  readonly kind: (code: string) => string;
  /** The account that reads. */
  readonly me: string | undefined;
}

interface Scene {
  readonly task: Task;
  readonly names: Names;
  readonly assignments: readonly Assignment[];
}

/** The newest first. */
export function timeline(task: Task, names: Names): Entry[] {
  const assignments = [...task.earlier_assignments, ...(task.assignment ? [task.assignment] : [])];
  const scene: Scene = { task, names, assignments };
  const told = task.events.map((event) => entryOf(event, scene));
  const entries = [...told, ...untold(scene)];
  return entries
    .map((entry, order) => ({ entry, order, at: new Date(entry.at).getTime() }))
    .sort((one, other) => other.at - one.at || other.order - one.order)
    .map(({ entry }) => entry);
}

/** Assignments and visits that no event names: those of a database that was restored or tidied. */
function untold({ task, assignments, names }: Scene): Entry[] {
  const named = new Set<unknown>(task.events.flatMap(({ data }) => [data.assignment_id, data.visit_id]));
  return [
    ...assignments
      .filter((one) => !named.has(one.id))
      .map((one) => ({
        ...plain(one.id, one.assigned_at),
        what: given(one, one.team_code),
        detail: one.why[language.value],
      })),
    ...task.visits
      .filter((one) => !named.has(one.id))
      .map((one) => visited(plain(one.id, one.corrected_at), one, false, names)),
  ];
}

function plain(key: string, at: string): Entry {
  return { key, at, what: "", by: "", detail: "", tone: "plain", visit: undefined };
}

function entryOf(event: Event, scene: Scene): Entry {
  const entry = { ...plain(event.id, event.at), by: byWhom(event, scene) };
  const tell = TOLD[event.name];
  return tell ? { ...entry, ...tell(event, scene) } : { ...entry, what: event.name.replaceAll(/[._]/g, " ") };
}

type Tell = (event: Event, scene: Scene) => Partial<Entry>;

const TOLD: Readonly<Record<string, Tell>> = {
  "task.created": () => ({ what: t(HISTORY.created) }),
  "task.waiting": ({ data }) => ({
    what: t(HISTORY.waiting, { why: wordOf(WAITING, code(data.reason)) }),
    tone: "warn",
  }),
  "task.assigned": (event, scene) => {
    const found = scene.assignments.find(({ id }) => id === event.data.assignment_id);
    const what = given({ pinned: event.data.pinned === true }, team(event, scene));
    // Why the team has it now stands above the story.
    return { what, detail: found?.ended_at ? found.why[language.value] : "" };
  },
  "task.accepted": step(HISTORY.accepted),
  "task.departed": step(HISTORY.departed),
  "task.arrived": step(HISTORY.arrived),
  "task.released": (event, scene) => ({
    what: t(HISTORY.released, { team: team(event, scene), why: wordOf(ENDED, code(event.data.reason)) }),
    detail: [event.data.why ? wordOf(RELEASE_CODES, code(event.data.why)) : "", noteOf(event, scene)]
      .filter(Boolean)
      .join(" · "),
    tone: event.data.reason === "replanned" ? "plain" : "warn",
  }),
  "task.kept": step(HISTORY.kept),
  "task.handed_over": (event, { task }) => {
    const found = task.handovers.find(({ id }) => id === event.data.handover_id);
    const what = t(HISTORY.handedOver, { team: found?.from_team ?? "" });
    return { what, detail: found?.note ?? "", by: "" };
  },
  "task.changed": ({ data }) => ({
    what: t(HISTORY.changed, { what: listed(codes(data.changed).map((name) => wordOf(FIELDS, name))) }),
  }),
  "leg.opened": () => ({ what: t(HISTORY.legOpened) }),
  "leg.delivered": ({ data }) =>
    data.agree ? { what: t(HISTORY.legDelivered), tone: "good" } : { what: t(HISTORY.legDiffers), tone: "bad" },
  "leg.given_up": () => ({ what: t(HISTORY.legGivenUp), tone: "warn" }),
  "task.reopened": () => ({ what: t(HISTORY.reopened), tone: "warn" }),
  "visit.recorded": (event, scene) => ofVisit(event, scene, false),
  "visit.corrected": (event, scene) => ofVisit(event, scene, true),
  "task.completed": () => ({ what: t(HISTORY.completed), tone: "good" }),
  "task.not_executable": () => ({ what: t(HISTORY.notExecutable), tone: "bad" }),
  "task.cancelled": (_event, { task }) => ({
    what: t(HISTORY.cancelled),
    detail: wordOf(ENDED, task.closed_reason),
    tone: "bad",
  }),
  "task.expired": (_event, { task }) => ({
    what: t(HISTORY.expired),
    // That its window was over is said already.
    detail: task.closed_reason === "window_over" ? "" : wordOf(ENDED, task.closed_reason),
    tone: "bad",
  }),
  "alert.fever": () => ({ what: t(HISTORY.fever), tone: "bad" }),
  "alert.withdrawn": () => ({ what: t(HISTORY.feverWithdrawn), tone: "warn" }),
  "alarm.raised": (event, scene) => ({
    ...ofAlarm(HISTORY.alarmRaised, "bad")(event, scene),
    detail: t(HISTORY.alarmLevel, { level: wordOf(ALARM_LEVEL, code(event.data.level)) }),
  }),
  "alarm.acknowledged": ofAlarm(HISTORY.alarmAcknowledged, "plain"),
  "alarm.cleared": ofAlarm(HISTORY.alarmCleared, "plain"),
  "visit.reviewed": () => ({ what: t(HISTORY.visitReviewed) }),
  "contact.added": () => ({ what: t(HISTORY.contactAdded) }),
  "contact.changed": () => ({ what: t(HISTORY.contactChanged) }),
  "follow_up.not_changed": () => ({ what: t(HISTORY.notChanged), tone: "bad" }),
  "task.follow_on_refused": ({ data }, { names }) => ({
    what: t(HISTORY.followOnRefused, { kind: names.kind(code(data.kind)) }),
    tone: "bad",
  }),
};

function step(text: Text): Tell {
  return (event, scene) => ({ what: t(text, { team: team(event, scene) }) });
}

function ofAlarm(text: Text, tone: Tone): Tell {
  return ({ data }) => ({ what: t(text, { what: wordOf(ALARM, code(data.what)) }), tone });
}

function given({ pinned }: { pinned: boolean }, teamName: string): string {
  return t(pinned ? HISTORY.pinned : HISTORY.assigned, { team: teamName });
}

function ofVisit(event: Event, scene: Scene, corrected: boolean): Partial<Entry> {
  const visit = scene.task.visits.find(({ id }) => id === event.data.visit_id);
  if (visit) return visited({ ...plain(event.id, event.at), by: byWhom(event, scene) }, visit, corrected, scene.names);
  return { what: t(HISTORY.visited, { outcome: wordOf(OUTCOME, code(event.data.outcome)) }) };
}

function visited(entry: Entry, visit: Visit, corrected: boolean, names: Names): Entry {
  const outcome = wordOf(OUTCOME, visit.outcome);
  const tone = visit.needs_review.length ? "warn" : visit.outcome === "seen_ok" ? "good" : "bad";
  const by =
    entry.by || byRole(visit.members.find((one) => one.member_id === visit.member_id)?.role, visit.team_id, names);
  return { ...entry, by, what: t(corrected ? HISTORY.corrected : HISTORY.visited, { outcome }), tone, visit };
}

/** The member by role and team, as they were then; an account as "you" or not. */
function byWhom(event: Event, { task, assignments, names }: Scene): string {
  if (event.account_id) return t(event.account_id === names.me ? HISTORY.byYou : HISTORY.byDesk);
  if (!event.member_id) return "";
  const then = [...task.visits, ...assignments].flatMap((one) =>
    one.members.map((member) => ({ member, team_id: one.team_id })),
  );
  const found = then.find(({ member }) => member.member_id === event.member_id);
  return byRole(found?.member.role, event.team_id ?? found?.team_id ?? null, names);
}

function byRole(role: string | undefined, teamId: string | null, names: Names): string {
  const name = teamId ? names.team(teamId) : "";
  if (!role) return name;
  return name ? t(HISTORY.roleOf, { role: roleName(role), team: name }) : roleName(role);
}

/** Why the team that lost the task declined it, in its own words. */
function noteOf(event: Event, { assignments }: Scene): string {
  const ended = assignments.find((one) => one.team_id === event.team_id && one.ended_at === event.at);
  return ended?.end_note ?? "";
}

function team(event: Event, { names, assignments }: Scene): string {
  if (!event.team_id) return "";
  return assignments.find((one) => one.team_id === event.team_id)?.team_code ?? names.team(event.team_id);
}

function code(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function codes(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
