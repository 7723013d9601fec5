/** The page's service worker, and new versions of the page: one waits until it is asked in, or until the page is opened next. */

import { signal } from "@preact/signals";
import { TAKE_OVER } from "./sw-words.ts";

/** A new version of the page is on the phone and waits. */
export const newVersion = signal(false);

const LOOK_EVERY_MS = 3_600_000;
let waiting: ServiceWorker | null = null;

export async function startServiceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const first = navigator.serviceWorker.controller === null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (waiting || document.visibilityState === "hidden") location.reload();
    else if (!first) newVersion.value = true; // another tab asked it in
  });
  const registration = await navigator.serviceWorker
    .register("/phone/sw.js", { scope: "/phone", updateViaCache: "none" })
    .catch(() => null);
  if (!registration) return;
  note(registration);
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", () => note(registration)),
  );
  setInterval(() => void registration.update().catch(() => {}), LOOK_EVERY_MS);
}

function note(registration: ServiceWorkerRegistration): void {
  if (registration.waiting && navigator.serviceWorker.controller) newVersion.value = true;
}

/** Start anew with the new version. What was typed is kept as a draft. */
export async function takeNewVersion(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration("/phone");
  waiting = registration?.waiting ?? null;
  if (waiting) waiting.postMessage(TAKE_OVER);
  else location.reload();
}
