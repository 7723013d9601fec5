/** Wires the phone's parts together: who is logged in, the queue, the route, the live stream. */

import { computed, effect, signal } from "@preact/signals";
import { follow, type StreamState } from "../api/stream.ts";
import { noteAnswer, online, watchConnection } from "./connection.ts";
import { database, readCurrent } from "./database.ts";
import { readDrafts } from "./drafts.ts";
import { listenForWakeUps, startPush } from "./push.ts";
import { forgetReports, readReports, sendSoon, surroundings } from "./queue.ts";
import { forgetRoute, noteClosed, readRoute, refresh, route } from "./route.ts";
import { aboutOf } from "./route-overlay.ts";
import { payOwedLogOut } from "./sending.ts";
import { expire, findOut, me, openSession, readSession, sessionState } from "./session.ts";
import { whenOthersChange } from "./tabs.ts";

const LOOK_EVERY_MS = 60_000;
/** Events come in flocks: one look at the route for all of them. */
const FLOCK_MS = 80;
const ABOUT_THE_ROUTE = /^(task|route|visit|alarm)\./;
/** After these nobody should read that a task was taken from the team. */
const OVER = new Set(["task.completed", "task.not_executable", "task.cancelled", "task.expired", "visit.recorded"]);

interface Event {
  task_id: string | null;
}

/** The phone's own memory cannot be read: without it nothing could be kept. */
export const memoryFails = signal(false);

/** Open what the phone remembers, then live from it and from the server. */
export async function startEngine(): Promise<void> {
  surroundings.about = (item) => aboutOf(item, route.peek());
  surroundings.answered = () => void refresh();
  watchConnection(() => void lookAgain());
  whenOthersChange((changed) => {
    if (changed === "session") void readSession().then(readReports);
    if (changed === "reports") void readReports();
    if (changed === "route") void readRoute();
  });
  listenForWakeUps(() => void lookAgain());
  let shown: string | undefined;
  effect(() => {
    const id = me.value?.id;
    if (id === shown) return;
    shown = id;
    forgetRoute();
    forgetReports();
    remember().catch(() => {}); // said by who opens the phone's memory
  });
  try {
    await openSession();
    await remember();
  } catch {
    memoryFails.value = true;
    return;
  }
  // Computed: what is known of the member comes anew all the time, and only another member is news here.
  const loggedIn = computed(() => (sessionState.value === "in" ? me.value?.id : undefined));
  effect(() => {
    const id = loggedIn.value;
    listenFor(id);
    if (id !== undefined) void startPush(id);
  });
  setInterval(lookAgainIfSeen, LOOK_EVERY_MS);
}

/** Drafts first: a screen that the route brings back is drawn with what was typed into it. */
async function remember(): Promise<void> {
  await readDrafts();
  await Promise.all([readReports(), readRoute()]);
}

let ended: (() => void) | undefined;
let heardOf: string | undefined;

function listenFor(id: string | undefined): void {
  if (id === heardOf && ended) return;
  heardOf = id;
  ended?.();
  ended = undefined;
  if (id !== undefined) listen();
  lookAgainQuietly();
}

function listen(): void {
  ended?.();
  ended = follow({
    path: "/v1/me/events",
    heard: (name, data) => hear(name, data as Event),
    state: (state) => void onStream(state),
  });
}

async function onStream(state: StreamState): Promise<void> {
  if (state === "open") {
    noteAnswer(200);
    lookAgainQuietly();
  } else if (state === "logged_out") {
    await expire((await readCurrent(await database())).epoch);
  } else if (online.peek() === "online") void refresh();
}

function hear(name: string, event: Event): void {
  if (OVER.has(name) && event.task_id) noteClosed(event.task_id);
  if (!ABOUT_THE_ROUTE.test(name)) void findOut();
  refreshWithTheFlock();
}

let flock: ReturnType<typeof setTimeout> | undefined;

function refreshWithTheFlock(): void {
  if (flock !== undefined) return;
  flock = setTimeout(() => {
    flock = undefined;
    void refresh();
  }, FLOCK_MS);
}

/** There may be a signal again: connect, send and ask anew. What another tab wrote may have been missed by one that slept. */
async function lookAgain(): Promise<void> {
  await readSession().catch(() => {});
  if (heardOf !== undefined) listen();
  lookAgainQuietly();
}

function lookAgainQuietly(): void {
  if (sessionState.peek() === "out") return void payOwedLogOut();
  void findOut();
  void refresh();
  void sendSoon();
}

function lookAgainIfSeen(): void {
  if (document.visibilityState === "visible") lookAgainQuietly();
}
