/** Who sits at the desk: logging in and out, and being logged out by the dispatcher in the middle of work. */

import { signal } from "@preact/signals";
import { answered, api, isLoggedOut } from "../api/client.ts";
import { leaveUnasked } from "./leaving.ts";
import { who } from "./model.ts";

/** `unknown`: not yet asked; `expired`: logged out in the middle of work, which stays as it is. */
export type SessionState = "unknown" | "out" | "in" | "expired";

export const session = signal<SessionState>("unknown");

api.use({
  onResponse({ request, response }) {
    const logsIn = request.method === "POST" && new URL(request.url).pathname === "/v1/sessions";
    if (response.status === 401 && !logsIn) expire();
    if (response.status === 403 && session.value === "in") void lookWhoItIs();
  },
});

/** A phone page's log-in in this browser takes the cookie without a word. */
async function lookWhoItIs(): Promise<void> {
  const current = await answered(api.GET("/v1/sessions/current")).catch(() => null);
  if (current && current.who.id !== who.value?.id) expire();
}

/** The tabs of a browser share one cookie: the others are told who it is now, by id; null: nobody. */
const tabs = globalThis.window && new BroadcastChannel("doorstep.session");
tabs?.addEventListener("message", ({ data: id }: MessageEvent<string | null>) => {
  if (!who.value) return;
  if (id === null) startAnew();
  else if (id !== who.value.id) expire();
  else if (session.value === "expired") session.value = "in";
});

/** Nothing that was seen or typed stays for who comes next, neither on the page nor in memory. */
function startAnew(): void {
  leaveUnasked();
  history.replaceState(null, "", location.pathname);
  location.reload();
}

/** The log-in counts no more; whatever is typed on the page stays. */
export function expire(): void {
  if (session.value === "in") session.value = "expired";
}

/** Find out whether the cookie still counts. Raises NoAnswer. */
export async function resume(): Promise<void> {
  try {
    const { who: found } = await answered(api.GET("/v1/sessions/current"));
    // A phone's log-in in this browser is none at a desk; it stays until somebody logs in here.
    session.value = found.kind === "member" ? "out" : "in";
    who.value = found.kind === "member" ? null : found;
  } catch (error) {
    if (!isLoggedOut(error)) throw error;
    session.value = "out";
  }
}

/** Raises Refused, NoAnswer. */
export async function logIn(name: string, secret: string): Promise<void> {
  const { who: found } = await answered(api.POST("/v1/sessions", { body: { name, secret, cookie: true } }));
  tabs?.postMessage(found.id);
  if (who.value && who.value.id !== found.id) return startAnew();
  who.value = found;
  session.value = "in";
}

/** Raises NoAnswer. */
export async function logOut(): Promise<void> {
  await answered(api.DELETE("/v1/sessions/current")).catch((error: unknown) => {
    if (!isLoggedOut(error)) throw error;
  });
  tabs?.postMessage(null);
  startAnew();
}
