/** Keeps the model true: reads a district, follows its events, and asks again about what they name, in few questions. */

import { signal } from "@preact/signals";
import { follow, type StreamState } from "../api/stream.ts";
import { loadAlarms } from "./alarms/alarms.ts";
import { atMostEvery, Backlog } from "./backlog.ts";
import * as load from "./load.ts";
import { district, type Happened, IDS_A_QUESTION, points, refreshTasks, tell } from "./model.ts";
import { startClock } from "./now.ts";
import { expire } from "./session.ts";

/** `live`: events come; `reconnecting`: the stream broke and is being opened again. */
export type Liveness = "starting" | "live" | "reconnecting";

export const liveness = signal<Liveness>("starting");
/** What went wrong when the district was read first; undefined: nothing. */
export const loadError = signal<unknown>(undefined);

const TASKS_PAUSE_MS = 500;
const OVERVIEW_PAUSE_MS = 2_000;
const ALARMS_PAUSE_MS = 1_000;
const SETUP_PAUSE_MS = 2_000;
/** Lateness and silence come with time alone, without an event. */
const OVERVIEW_AT_LEAST_MS = 15_000;
/** The first reading waits for the stream no longer than this. */
const STREAM_PATIENCE_MS = 1_000;
/** With more changed tasks than this, one reading of all is quicker than asking for each. */
const FAR_BEHIND = 1_000;
/** After a longer break the dispatcher may have forgotten where we were. */
const LONG_BREAK_MS = 5 * 60_000;

/** Follow the chosen district until the returned function is called. Start anew for another district. */
export function start(): () => void {
  const followed = new Followed();
  return () => followed.stop();
}

class Followed {
  readonly #backlog = new Backlog();
  readonly #askTasks = atMostEvery(TASKS_PAUSE_MS, () => this.#catchUp());
  readonly #askOverview = atMostEvery(OVERVIEW_PAUSE_MS, load.loadOverview);
  readonly #askAlarms = atMostEvery(ALARMS_PAUSE_MS, loadAlarms);
  readonly #askTeams = atMostEvery(SETUP_PAUSE_MS, load.loadTeams);
  readonly #askKinds = atMostEvery(SETUP_PAUSE_MS, load.loadKinds);
  readonly #askGrids = atMostEvery(SETUP_PAUSE_MS, load.loadGrids);
  readonly #askDistrict = atMostEvery(SETUP_PAUSE_MS, load.loadDistrict);
  readonly #readAll = atMostEvery(SETUP_PAUSE_MS, () => this.#load());
  readonly #ends: (() => void)[];
  #open: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });
  #firstRead = false;
  #heard = false;
  #brokeAt: number | undefined;
  #all = false;

  constructor() {
    liveness.value = "starting";
    const overdue = setInterval(this.#askOverview, OVERVIEW_AT_LEAST_MS);
    this.#ends = [
      follow({
        path: `/v1/events?district=${district.value?.id ?? ""}`,
        heard: (_name, event) => this.#hear(event as Happened),
        state: (state) => this.#turn(state),
      }),
      startClock(),
      () => clearInterval(overdue),
      ...[
        this.#askTasks,
        this.#askOverview,
        this.#askAlarms,
        this.#askTeams,
        this.#askKinds,
        this.#askGrids,
        this.#askDistrict,
      ].map((ask) => ask.stop),
      this.#readAll.stop,
    ];
    this.#readAll();
  }

  stop(): void {
    for (const end of this.#ends) end();
  }

  /** Everything is read again where the stream cannot tell what was missed. */
  #turn(state: StreamState): void {
    if (state === "logged_out") expire();
    if (state !== "open") {
      this.#brokeAt ??= performance.now();
      if (liveness.value === "live") liveness.value = "reconnecting";
      return;
    }
    const missed = this.#brokeAt !== undefined && (!this.#heard || performance.now() - this.#brokeAt > LONG_BREAK_MS);
    const readTooSoon = this.#firstRead && liveness.value === "starting";
    if (missed || readTooSoon) this.#readAll();
    this.#open();
    this.#brokeAt = undefined;
    liveness.value = "live";
  }

  async #load(): Promise<void> {
    try {
      await Promise.all([
        this.#loadPoints(),
        load.loadOverview(),
        loadAlarms(),
        load.loadTeams(),
        load.loadKinds(),
        load.loadGrids(),
      ]);
      loadError.value = undefined;
    } catch (error) {
      loadError.value = error;
      throw error;
    }
  }

  /** The tasks, read when the stream is open: what happens from then on is heard. Where it does not open they are read all the same. */
  async #loadPoints(): Promise<void> {
    await Promise.race([this.#opened, new Promise((done) => setTimeout(done, STREAM_PATIENCE_MS))]);
    this.#firstRead = true;
    this.#backlog.clear();
    await load.loadPoints();
  }

  #hear(event: Happened): void {
    this.#heard = true;
    tell(event);
    const [about] = event.name.split(".");
    if (event.task_id) this.#backlog.change(event.task_id);
    else if (event.name === "route.changed") this.#backlog.move(heldBy(event.team_id));
    if (!this.#backlog.isEmpty) this.#askTasks();
    this.#askOverview();
    if (about === "alarm") this.#askAlarms();
    if (about === "team" || about === "member" || about === "shift") this.#askTeams();
    if (about === "kind") this.#askKinds();
    if (about === "grids") {
      this.#all = true;
      this.#askTasks();
      this.#askGrids();
    }
    if (about === "district") this.#askDistrict();
  }

  async #catchUp(): Promise<void> {
    if (this.#all || this.#backlog.changed > FAR_BEHIND) {
      this.#all = true;
      await this.#loadPoints();
      this.#all = false;
      return;
    }
    const ids = this.#backlog.take(IDS_A_QUESTION);
    try {
      await refreshTasks(ids);
    } catch (error) {
      for (const id of ids) this.#backlog.change(id);
      throw error;
    }
    if (!this.#backlog.isEmpty) this.#askTasks();
  }
}

function heldBy(teamId: string | null): string[] {
  const held: string[] = [];
  if (teamId) for (const point of points.value.values()) if (point.team_id === teamId) held.push(point.id);
  return held;
}
