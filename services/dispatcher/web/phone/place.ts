/** Where in the page the member is, kept in the address's fragment so that the phone's own "back" works. */

import { signal } from "@preact/signals";

const TABS = ["now", "route", "done", "me"] as const;
export type Tab = (typeof TABS)[number];

/** A tab, and on it perhaps a screen of one thing: `#route/record/ID`. */
export interface Place {
  tab: Tab;
  screen: string | null;
  id: string | null;
}

export const place = signal<Place>({ tab: "now", screen: null, id: null });

/** Go there; `replace` leaves nothing to go back to. */
export function go(tab: Tab, screen: string | null = null, id: string | null = null, replace = false): void {
  const parts = [tab, screen, id].filter((part) => part !== null).map(encodeURIComponent);
  history[replace ? "replaceState" : "pushState"](null, "", `#${parts.join("/")}`);
  place.value = { tab, screen, id };
  scrollTo(0, 0);
}

/** As the phone's own "back". */
export function back(): void {
  history.back();
}

/** What an address's fragment says; whatever is unknown leads to the next door. */
export function placeIn(fragment: string): Place {
  const [tab, screen, id] = fragment.replace(/^#/, "").split("/").map(decoded);
  const known = TABS.find((one) => one === tab);
  return { tab: known ?? "now", screen: known && screen ? screen : null, id: known && id ? id : null };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** Follow the address. */
export function watchPlace(): void {
  const read = () => {
    place.value = placeIn(location.hash);
  };
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  read();
}
