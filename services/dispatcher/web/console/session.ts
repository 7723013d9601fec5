/** Who sits at the desk: logging in and out, and being logged out by the dispatcher in the middle of work. */

import { batch, signal } from "@preact/signals";
import { answered, api, isLoggedOut } from "../api/client.ts";
import { forget } from "./load.ts";
import { district, who } from "./model.ts";

/** `unknown`: not yet asked; `expired`: logged out in the middle of work, which stays as it is. */
export type SessionState = "unknown" | "out" | "in" | "expired";

export const session = signal<SessionState>("unknown");

api.use({
  onResponse({ request, response }) {
    const logsIn = request.method === "POST" && new URL(request.url).pathname === "/v1/sessions";
    if (response.status === 401 && !logsIn) expire();
  },
});

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
  batch(() => {
    if (who.value && who.value.id !== found.id) {
      district.value = null;
      forget();
    }
    who.value = found;
    session.value = "in";
  });
}

/** Raises NoAnswer. */
export async function logOut(): Promise<void> {
  await answered(api.DELETE("/v1/sessions/current")).catch((error: unknown) => {
    if (!isLoggedOut(error)) throw error;
  });
  batch(() => {
    session.value = "out";
    who.value = null;
    district.value = null;
    forget();
  });
}
