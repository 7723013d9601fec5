/** Where in the page the member is, kept in the address's fragment so that the phone's own "back" works. */

import { signal } from "@preact/signals";

export type Tab = "now" | "route" | "done" | "me";

/** A tab, and on it perhaps a screen of one thing: `#route/record/ID`. */
export interface Place {
  tab: Tab;
  screen: string | null;
  id: string | null;
}

export const place = signal<Place>({ tab: "now", screen: null, id: null });

/** Go there; `replace` leaves nothing to go back to. */
export function go(tab: Tab, screen: string | null = null, id: string | null = null, replace = false): void {
  void [tab, screen, id, replace];
}

/** As the phone's own "back". */
export function back(): void {
  history.back();
}
