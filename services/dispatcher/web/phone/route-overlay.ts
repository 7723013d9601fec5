/** The server's route with what is still only known on this phone put on top. */

import type { Schemas } from "../api/client.ts";

type TaskOut = Schemas["PhoneTaskOut"];
type RecordedOut = Schemas["RecordedOut"];

/** `departed`, `arrived`: by this phone, in device time. `gone`: no longer with the team, and shown because the member is at it. */
export interface Task extends TaskOut {
  departed_at: string | null;
  arrived_at: string | null;
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

export interface PhoneRoute extends Omit<Schemas["PhoneRouteOut"], "stops" | "recorded_today"> {
  stops: Stop[];
  recorded_today: Recorded[];
}
