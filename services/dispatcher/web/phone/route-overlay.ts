/** The server's route with what is still only known on this phone put on top. */

import type { Schemas } from "../api/client.ts";
import { type About, type KeptReport, type NewReport, tasksOf } from "./reports.ts";

export type ServerRoute = Schemas["PhoneRouteOut"];
type TaskOut = Schemas["PhoneTaskOut"];
type RecordedOut = Schemas["RecordedOut"];
export type PhoneAlarm = Schemas["PhoneAlarmOut"];

/** `gone`: no longer with the team, and shown because the member is at it. */
export interface Task extends TaskOut {
  gone: boolean;
}

/** `key` stays the same as long as it is the same door (or call). */
export interface Stop extends Omit<Schemas["PhoneStopOut"], "tasks"> {
  key: string;
  tasks: Task[];
}

/** `waiting`: recorded here and not yet known to the server. */
export interface Recorded extends RecordedOut {
  waiting: boolean;
}

export interface PhoneRoute extends Omit<ServerRoute, "stops" | "recorded_today"> {
  stops: Stop[];
  recorded_today: Recorded[];
}

/** A stop that the member is at, as it was, its place on the route, and the forms of its tasks: they go with the tasks. */
export interface Held {
  stop: Stop;
  place: number;
  forms: ServerRoute["forms"];
}

/**
 * The route as this phone shows it. `own` are the member's reports whose effects the server's route may not yet hold, `ahead` how far the
 * server's clock is before the phone's, in milliseconds.
 */
export function overlay(server: ServerRoute, own: readonly KeptReport[], held: Held | null, ahead = 0): PhoneRoute {
  const said = ownWords(own, server);
  const stops = withKeys(server.stops)
    .map((stop) => ({ ...stop, tasks: stop.tasks.filter((task) => !said.away.has(task.id)).map(said.onto) }))
    .filter((stop) => stop.break || stop.tasks.length > 0);
  const first = stops.findIndex((stop) => stop.tasks.some((task) => task.id === said.headingFor));
  if (first > 0) stops.unshift(...stops.splice(first, 1));
  const recorded = new Set(server.recorded_today.filter((one) => !one.struck).map((one) => one.task_id));
  const over = (id: string) => said.away.has(id) || recorded.has(id);
  const here = new Set(server.forms.map((form) => form.kind));
  const forms = [...server.forms, ...(held?.forms ?? []).filter((form) => !here.has(form.kind))];
  const recordedToday = withOwn(server.recorded_today, own, ahead);
  const alarms = withOwnLook(server.alarms ?? [], own); // a route that an older version kept has none
  return { ...server, stops: withHeld(stops, held, over), forms, recorded_today: recordedToday, alarms };
}

/** An alarm that was acknowledged here is, before the server knows. */
function withOwnLook(alarms: readonly PhoneAlarm[], own: readonly KeptReport[]): PhoneAlarm[] {
  const seen = new Map<string, string>();
  for (const { body } of own) if (body.report === "acknowledge") seen.set(body.alarm_id, body.at);
  return alarms.map((alarm) => ({ ...alarm, acknowledged_at: alarm.acknowledged_at ?? seen.get(alarm.id) ?? null }));
}

/** Tasks of the server's route in its order. */
export function orderOf(server: ServerRoute): string[] {
  return server.stops.flatMap((stop) => stop.tasks.map((task) => task.id));
}

/** Which door a report is about, as the route shows it just now. */
export function aboutOf(item: NewReport, route: PhoneRoute | null): About | null {
  if (item.report === "correct") {
    const visit = route?.recorded_today.find((one) => one.id === item.visit_id);
    return visit ? { address: visit.address, names: [visit.names], subject: null, kind: visit.kind } : null;
  }
  const ids = new Set(tasksOf(item as KeptReport["body"]));
  const stop = route?.stops.find((one) => one.tasks.some((task) => ids.has(task.id)));
  const tasks = stop?.tasks.filter((task) => ids.has(task.id)) ?? [];
  const [task] = tasks;
  if (!stop || !task) return null;
  const subject = task.subject?.name ?? null;
  return { address: stop.address, names: tasks.map((one) => one.names), subject, kind: task.kind };
}

/** A household may be on the route twice, hours apart: then the stops are counted. */
function withKeys(stops: ServerRoute["stops"]): Stop[] {
  const met = new Map<string, number>();
  return stops.map((stop) => {
    const door = stop.break ? "break" : (stop.household_id ?? stop.tasks[0]?.id ?? "");
    const count = (met.get(door) ?? 0) + 1;
    met.set(door, count);
    const key = count === 1 ? door : `${door}.${count}`;
    const tasks = stop.tasks.map((task) => ({ ...task, gone: false }));
    return { ...stop, key, tasks };
  });
}

interface OwnWords {
  /** Tasks recorded, declined or handed over here. */
  away: Set<string>;
  headingFor: string | null;
  onto: (task: Task) => Task;
}

function ownWords(own: readonly KeptReport[], server: ServerRoute): OwnWords {
  const away = new Set<string>();
  const accepted = new Set<string>();
  const kept = new Set<string>();
  const departed = new Map<string, string>();
  const arrived = new Map<string, string>();
  let headingFor: string | null = null;
  for (const { body } of own) {
    if (body.report === "visit" || body.report === "decline") away.add(body.task_id);
    if (body.report === "hand_over") for (const id of body.task_ids) away.add(id);
    if (body.report === "accept" || body.report === "keep") for (const id of body.task_ids) accepted.add(id);
    if (body.report === "keep") for (const id of body.task_ids) kept.add(id);
    if (body.report !== "depart" && body.report !== "arrive") continue;
    headingFor = body.task_id;
    const door = server.stops.find((stop) => stop.tasks.some((task) => task.id === body.task_id));
    for (const task of door?.tasks ?? []) (body.report === "depart" ? departed : arrived).set(task.id, body.at);
  }
  const onto = (task: Task) => ({
    ...task,
    accepted: task.accepted || accepted.has(task.id),
    kept: task.kept || kept.has(task.id),
    under_way: task.under_way || departed.has(task.id) || arrived.has(task.id),
    departed_at: task.departed_at ?? departed.get(task.id) ?? null,
    arrived_at: task.arrived_at ?? arrived.get(task.id) ?? null,
  });
  return { away, headingFor, onto };
}

/** The stop that the member is at stays where it is, with the tasks that it had, until they let go of it. */
function withHeld(stops: Stop[], held: Held | null, over: (taskId: string) => boolean): Stop[] {
  if (!held) return stops;
  const elsewhere = new Map(stops.flatMap((stop) => stop.tasks.map((task) => [task.id, task] as const)));
  const tasks = held.stop.tasks
    .filter((task) => !over(task.id))
    .map((task) => elsewhere.get(task.id) ?? { ...task, gone: true });
  const now = stops.find((stop) => stop.key === held.stop.key);
  const more = now?.tasks.filter((task) => !held.stop.tasks.some((had) => had.id === task.id)) ?? [];
  if (tasks.length + more.length === 0) return stops;
  const kept = new Set([...tasks, ...more].map((task) => task.id));
  const others = stops
    .filter((stop) => stop !== now)
    .map((stop) => ({ ...stop, tasks: stop.tasks.filter((task) => !kept.has(task.id)) }))
    .filter((stop) => stop.break || stop.tasks.length > 0);
  others.splice(Math.min(held.place, others.length), 0, { ...(now ?? held.stop), tasks: [...tasks, ...more] });
  return others;
}

function withOwn(recorded: readonly RecordedOut[], own: readonly KeptReport[], ahead: number): Recorded[] {
  const known = new Set(recorded.map((one) => one.id));
  const all: Recorded[] = recorded.map((one) => ({ ...one, waiting: false }));
  for (const kept of own) {
    const fresh = known.has(kept.id) ? null : recordedHere(kept, all, ahead);
    if (!fresh) continue;
    const struck = all.find((one) => one.id === fresh.replaces_id);
    if (struck) struck.struck = true;
    all.push(fresh);
  }
  return all;
}

function recordedHere({ id, body, about }: KeptReport, all: readonly Recorded[], ahead: number): Recorded | null {
  if (body.report !== "visit" && body.report !== "correct") return null;
  const corrected = body.report === "correct" ? all.find((one) => one.id === body.visit_id) : undefined;
  const { outcome, result, form_version, note } = body.report === "correct" ? body.visit : body;
  const taskId = body.report === "visit" ? body.task_id : (corrected?.task_id ?? "");
  const kind = about?.kind ?? corrected?.kind ?? null;
  const at = new Date(Date.parse(body.at) + ahead).toISOString();
  const findings = kind === null ? { outcome: null, result: null, form_version: null, note: null } : null;
  return {
    id,
    task_id: taskId,
    kind,
    names: about?.names[0] ?? corrected?.names ?? {},
    address: about?.address ?? corrected?.address ?? "",
    at: corrected?.at ?? at,
    received_at: at,
    struck: false,
    replaces_id: corrected?.id ?? null,
    outcome,
    result: result ?? {},
    form_version,
    note: note ?? "",
    needs_review: [],
    waiting: true,
    ...findings,
  };
}
