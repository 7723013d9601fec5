/** Whether the dispatcher answers, from what really happened to requests; `navigator.onLine` alone tells too little. */

import { signal } from "@preact/signals";
import { api } from "../api/client.ts";
import { learnFrom } from "./clock.ts";

export type Connection = "online" | "no_signal" | "server_away";

export const online = signal<Connection>("online");

/** A refusal quicker than this, on a phone that has a network, is a server that is away and no hole in the wall. */
const QUICK_MS = 1_500;

/** An answer came. */
export function noteAnswer(status: number): void {
  online.value = status >= 500 ? "server_away" : "online";
}

/** None came, `afterMs` after it was asked for. */
export function noteSilence(afterMs: number): void {
  online.value = navigator.onLine && afterMs < QUICK_MS ? "server_away" : "no_signal";
}

/** Learn from every call of the API, and call `back` whenever there may be a signal again. */
export function watchConnection(back: () => void): void {
  const asked = new WeakMap<Request, number>();
  api.use({
    onRequest: ({ request }) => {
      asked.set(request, Date.now());
    },
    onResponse: ({ request, response }) => {
      learnFrom(response.headers.get("Date"), asked.get(request) ?? 0, Date.now());
      noteAnswer(response.status);
    },
    onError: ({ request }) => noteSilence(Date.now() - (asked.get(request) ?? 0)),
  });
  addEventListener("online", back);
  addEventListener("offline", () => {
    online.value = "no_signal";
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && back());
  if (!navigator.onLine) online.value = "no_signal";
}

/** A signal for one call of the API that gives up after `ms`. */
export function patience(ms = 15_000): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(ms) };
}
