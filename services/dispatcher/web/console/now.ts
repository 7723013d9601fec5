/** The time as the dispatcher has it, a few times a minute: what is overdue is overdue on every desk alike. */

import { signal } from "@preact/signals";

const TICK_MS = 5_000;
let ahead = 0;

export const now = signal(new Date());

/** The dispatcher said at this moment that it is `at`. */
export function setClock(at: string): void {
  ahead = new Date(at).getTime() - Date.now();
}

export function startClock(): () => void {
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}

function tick(): void {
  now.value = new Date(Date.now() + ahead);
}
