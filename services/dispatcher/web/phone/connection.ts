/** Whether the dispatcher answers, from what really happened to requests; `navigator.onLine` alone tells too little. */

import { signal } from "@preact/signals";

export type Connection = "online" | "no_signal" | "server_away";

export const online = signal<Connection>("online");
