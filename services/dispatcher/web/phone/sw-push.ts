/// <reference lib="webworker" />
/** The service worker's part in waking a phone. A message always shows a notification: a browser takes the right away from who does not. */

import { readChoices } from "./choices.ts";
import { notification, told, type What, whatOf } from "./wake-up.ts";

const PAGE = "/phone";
const PATH = "/v1/me/push";

/** Have this service worker wake the phone. */
export function listenForPush(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener("push", (event) => event.waitUntil(onPush(scope, read(event))));
  scope.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(onNotificationClick(scope));
  });
  scope.addEventListener("pushsubscriptionchange", (event) =>
    (event as ExtendableEvent).waitUntil(onSubscriptionChange(scope, event as SubscriptionChange)),
  );
}

function read(event: PushEvent): What {
  try {
    return whatOf(event.data?.json());
  } catch {
    return whatOf(null);
  }
}

/** Show it, and tell open pages. */
export async function onPush(scope: ServiceWorkerGlobalScope, what: What): Promise<void> {
  const [choices, pages] = await Promise.all([readChoices(), pagesOf(scope)]);
  const inSight = pages.some((page) => page.visibilityState === "visible");
  for (const page of pages) page.postMessage({ what });
  const { title, options } = notification(choices, inSight, Date.now(), what);
  await scope.registration.showNotification(title, options);
}

/** Bring the page to the front, or open it. */
export async function onNotificationClick(scope: ServiceWorkerGlobalScope): Promise<void> {
  const [page] = await pagesOf(scope);
  if (page) await page.focus();
  else await scope.clients.openWindow(PAGE);
}

interface SubscriptionChange extends Event {
  oldSubscription: PushSubscription | null;
  newSubscription: PushSubscription | null;
}

/** The browser moved its subscription: say where the phone is reached now. If that fails, the page says it when it is opened. */
export async function onSubscriptionChange(
  scope: Pick<ServiceWorkerGlobalScope, "registration">,
  event: Pick<SubscriptionChange, "oldSubscription" | "newSubscription">,
): Promise<void> {
  const key = event.oldSubscription?.options.applicationServerKey;
  const subscription =
    event.newSubscription ??
    (key ? await scope.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }) : null);
  const body = subscription && told(subscription);
  if (!body) return;
  await fetch(PATH, {
    method: "PUT",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function pagesOf(scope: ServiceWorkerGlobalScope): Promise<readonly WindowClient[]> {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.filter((page) => new URL(page.url).pathname === PAGE);
}
