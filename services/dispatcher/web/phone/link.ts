/** A one-time log-in link: `/phone#link=TOKEN`. The token leaves the address at once and is spent by a POST. */

import { signal } from "@preact/signals";
import { type LogInResult, logInByLink } from "./session.ts";

/** `failed` says why; with no signal the token is kept to try again. */
export const link = signal<{ state: "none" | "spending" } | { state: "failed"; why: LogInResult }>({ state: "none" });

const NAME = "#link=";
let token: string | null = null;

/** Take a token out of the address, at the start and when a link is opened while the page is. */
export function watchLinks(): void {
  addEventListener("hashchange", takeLink);
  takeLink();
}

function takeLink(): void {
  if (!location.hash.startsWith(NAME)) return;
  token = location.hash.slice(NAME.length); // base64url: nothing in it is escaped
  history.replaceState(null, "", location.pathname);
  void spendLink();
}

/** Log in with the link that was opened last. */
export async function spendLink(): Promise<void> {
  if (token === null) return;
  link.value = { state: "spending" };
  const result = await logInByLink(token);
  const lasting = !result.ok && result.why !== "no_signal" && result.why !== "server_away";
  if (result.ok || lasting) token = null;
  link.value = result.ok ? { state: "none" } : { state: "failed", why: result };
}

/** Whether the link that failed can be tried again. */
export function canTryLinkAgain(): boolean {
  return token !== null;
}

export function forgetLink(): void {
  token = null;
  link.value = { state: "none" };
}
