/** The team's route on this phone. */

import { signal } from "@preact/signals";
import type { Schemas } from "../api/client.ts";
import type { RouteChange } from "./route-changes.ts";
import type { PhoneRoute } from "./route-overlay.ts";

export const route = signal<PhoneRoute | null>(null);
/** When the server last said that this is the route, in milliseconds by the server's clock. */
export const fetchedAt = signal<number | null>(null);
/** What changed since the member last looked; null: nothing. */
export const changes = signal<RouteChange | null>(null);
/** The member's own duty, what waits in the queue included. */
export const duty = signal<Schemas["Duty"] | null>(null);

export async function acknowledgeChanges(): Promise<void> {}

/** The member is at this stop (recording, say): it stays where it is on the route until `letGo`, whatever the server says. */
export function hold(_key: string): void {}

export function letGo(): void {}

/** Ask now. */
export async function refresh(): Promise<void> {}
