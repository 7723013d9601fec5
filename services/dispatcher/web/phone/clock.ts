/** The server's clock, as far as its answers tell: countdowns stay right on a phone whose own clock is wrong. */

import { signal } from "@preact/signals";

/** A header says whole seconds; an answer that took longer than this says too little. */
const SLOWEST_MS = 5_000;

/** How far the server's clock is ahead of the phone's, in milliseconds. */
export const serverAhead = signal(0);

/** The present, in milliseconds, by the server's clock. */
export function serverNow(): number {
  return Date.now() + serverAhead.value;
}

/** Learn from the `Date` header of an answer that was asked for at `asked` and came at `came` (phone's clock, milliseconds). */
export function learnFrom(dateHeader: string | null, asked: number, came: number): void {
  const said = dateHeader ? Date.parse(dateHeader) : Number.NaN;
  if (Number.isNaN(said) || came < asked || came - asked > SLOWEST_MS) return;
  const ahead = said + 500 - (asked + came) / 2;
  if (Math.abs(ahead - serverAhead.peek()) > 1_000) serverAhead.value = ahead;
}
