/// <reference lib="webworker" />
/** Keeps the page itself on the phone, so that it opens without a signal; sends reports while it is closed; and wakes the phone. */

import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { payOwedLogOut, sendWaiting } from "./sending.ts";
import { listenForPush } from "./sw-push.ts";
import { REPORTS_WAIT, TAKE_OVER } from "./sw-words.ts";
import { tellOthers } from "./tabs.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHED__: PrecacheEntry[];

interface SyncEvent extends ExtendableEvent {
  tag: string;
}

precacheAndRoute(__PRECACHED__);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/phone"), { allowlist: [/^\/phone$/] }));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === TAKE_OVER) void self.skipWaiting();
});
self.addEventListener("sync" as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
  const { tag } = event as SyncEvent;
  if (tag === REPORTS_WAIT) (event as SyncEvent).waitUntil(sendWhileClosed());
});
listenForPush(self);

/** Raises where something still waits: the browser then tries again by itself. */
async function sendWhileClosed(): Promise<void> {
  const paid = await payOwedLogOut();
  const delivered = await sendWaiting();
  tellOthers("reports");
  if (!paid || delivered.kind === "again") throw new Error("reports still wait");
}
