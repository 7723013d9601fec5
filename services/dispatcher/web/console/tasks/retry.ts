/** Asking again where no answer came, or where the dispatcher says "later". Only for what may be sent twice. */

import { NoAnswer, Refused } from "../../api/client.ts";

/** Pauses before the second try and those after it, in milliseconds; then the person decides. */
const PAUSES_MS = [500, 1500, 4000];
/** Codes of refusals that pass by themselves. */
const PASSING = new Set(["still_in_flight", "too_many_requests", "unavailable"]);

type Pause = (ms: number) => Promise<void>;

const sleep: Pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Raises what the last try raised. */
export async function patiently<T>(ask: () => Promise<T>, pause: Pause = sleep): Promise<T> {
  for (const ms of PAUSES_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!passes(error)) throw error;
      await pause(ms);
    }
  }
  return ask();
}

function passes(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof Refused && PASSING.has(error.problem.code));
}
