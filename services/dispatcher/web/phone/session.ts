/** Who is logged in on this phone. */

import { signal } from "@preact/signals";
import type { Schemas } from "../api/client.ts";

export type Me = Schemas["Me"];

/** `unknown`: the phone's own memory is not read yet. `expired`: the route stays readable, the queue waits for a new log-in. */
export type SessionState = "unknown" | "in" | "expired" | "out";

export type LogInProblem =
  | "wrong"
  | "too_many"
  | "which_district"
  | "link_used"
  | "not_a_number"
  | "no_signal"
  | "server_away"
  | "broken";
export type LogInResult = { ok: true } | { ok: false; why: LogInProblem; retryAfterS: number | null };

export const me = signal<Me | null>(null);
export const sessionState = signal<SessionState>("unknown");
/** How many reports of the member who is logged in have not been sent. */
export const waitingOfMine = signal(0);
/** How many reports of others wait on this phone until they log in again. */
export const waitingOfOthers = signal(0);
/** The phone number to offer at the next log-in. */
export const lastPhone = signal("");

export async function logInByPin(_given: { phone: string; pin: string; district?: string }): Promise<LogInResult> {
  return { ok: false, why: "broken", retryAfterS: null };
}

export async function logInByLink(_token: string): Promise<LogInResult> {
  return { ok: false, why: "broken", retryAfterS: null };
}

/** Wipes the phone of this member. Returns false, with nothing done, while reports wait and `force` is not set. */
export async function logOut(_how: { force: boolean }): Promise<boolean> {
  return false;
}
