/** Tells the other tabs, and is told by them and the service worker, what changed in the phone's database. */

export type Changed = "session" | "reports" | "route";

let channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("doorstep-phone");

export function tellOthers(changed: Changed): void {
  channel?.postMessage(changed);
}

export function whenOthersChange(heard: (changed: Changed) => void): void {
  channel?.addEventListener("message", (event: MessageEvent<Changed>) => heard(event.data));
}

/** Hear and say no more. */
export function endTabs(): void {
  channel?.close();
  channel = null;
}
