/// <reference lib="webworker" />
/** Keeps the page itself on the phone, so that it opens without a signal; and wakes the phone. */

import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { listenForPush } from "./sw-push.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHED__: PrecacheEntry[];

precacheAndRoute(__PRECACHED__);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/phone"), { allowlist: [/^\/phone$/] }));
self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
listenForPush(self);
