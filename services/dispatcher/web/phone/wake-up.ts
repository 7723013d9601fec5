/** What a wake-up looks and sounds like, for the page and its service worker alike. */

import type { Language } from "../texts/language.ts";
import { NOTIFICATION } from "../texts/push.ts";

/** All that the message from the server says, and what the service worker tells open pages. */
export const WHATS = ["new_urgent_task", "alarm"] as const;
export type What = (typeof WHATS)[number];

/** What a message says; one that says something else, or nothing, is of another release. */
export function whatOf(said: unknown): What {
  const what = (said as { what?: unknown } | null | undefined)?.what;
  return WHATS.find((one) => one === what) ?? "new_urgent_task";
}

/** Two long ones: to be felt through a glove. In milliseconds: on, off, on. */
export const PATTERN = [400, 150, 400];

/** Kept on the phone. `wantedBy`: ids of the members who turned it on here, so that it stays on after the next log-in. */
export interface Choices {
  sound: boolean;
  vibration: boolean;
  language: Language;
  wantedBy: readonly string[];
}

export const FIRST_CHOICES: Choices = { sound: true, vibration: true, language: "zh", wantedBy: [] };

/** TypeScript's own leaves out what not every browser knows. */
export interface Shown extends NotificationOptions {
  renotify: boolean;
  timestamp: number;
  vibrate?: number[];
}

/**
 * The notification. `inSight`: a page is being looked at, which makes the sound itself. One that is silent must not say how to vibrate:
 * browsers refuse that, so vibration alone is the page's too.
 */
export function notification(
  choices: Choices,
  inSight: boolean,
  now: number,
  what: What = "new_urgent_task",
): { title: string; options: Shown } {
  const silent = inSight || !choices.sound;
  const options: Shown = {
    body: NOTIFICATION.body[choices.language],
    lang: choices.language === "zh" ? "zh-CN" : "en",
    tag: what,
    renotify: true,
    silent,
    timestamp: now,
    icon: "/phone/icon-192.png",
  };
  if (!silent) options.vibrate = choices.vibration ? PATTERN : [];
  return { title: NOTIFICATION[what][choices.language], options };
}

/** The bytes of a key in base64url. */
export function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const binary = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Whether a subscription was made with that key of the server. */
export function isMadeWith(subscription: Pick<PushSubscription, "options">, publicKey: string): boolean {
  const made = subscription.options.applicationServerKey;
  if (made === null) return false;
  const bytes = new Uint8Array(made);
  const wanted = bytesOf(publicKey);
  return bytes.length === wanted.length && bytes.every((byte, place) => byte === wanted[place]);
}

/** What the server is told of a subscription; null where the browser gave no keys. */
export function told(
  subscription: Pick<PushSubscription, "toJSON">,
): { endpoint: string; p256dh: string; auth: string } | null {
  const { endpoint, keys } = subscription.toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth) return null;
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
}
