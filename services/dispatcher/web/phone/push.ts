/** Waking this phone for urgent tasks: asked for by a tap, kept in step with the server's key and the member who is logged in. */

import { effect, signal } from "@preact/signals";
import { answered, api, NoAnswer, Refused } from "../api/client.ts";
import { language } from "../texts/language.ts";
import type { NOT_ON } from "../texts/push.ts";
import { changeChoices, readChoices } from "./choices.ts";
import { allowSound, ring } from "./ring.ts";
import { bytesOf, type Choices, FIRST_CHOICES, isMadeWith, notification, PATTERN, told, WHATS } from "./wake-up.ts";

/** `install`: on this phone only a page on the home screen can be woken. `blocked`: the member said no, in the browser. */
export type PushState = "unknown" | "unsupported" | "install" | "blocked" | "off" | "on";
export type PushProblem = keyof typeof NOT_ON;

export const pushState = signal<PushState>("unknown");
export const choices = signal<Choices>(FIRST_CHOICES);

const REGISTRATION_MS = 10_000;
let member: string | null = null;

/** A member is logged in here: keep waking the phone if they turned that on before. Never raises; without a signal it tries at the next start. */
export async function startPush(memberId: string): Promise<void> {
  member = memberId;
  keepLanguage();
  choices.value = await readChoices();
  const able = ability();
  if (able !== null) {
    pushState.value = able;
    return;
  }
  const wanted = Notification.permission === "granted" && choices.value.wantedBy.includes(memberId);
  try {
    if (wanted) await subscribe();
    else await unsubscribe(); // whoever used this phone before is not told here any more
    pushState.value = wanted ? "on" : "off";
  } catch {
    pushState.value = (await subscription()) && wanted ? "on" : "off";
  }
}

/** Call it in a tap: the browser asks the member. What was in the way, or null. */
export async function turnOn(): Promise<PushProblem | null> {
  allowSound();
  const permission = await Notification.requestPermission();
  if (permission !== "granted") {
    pushState.value = permission === "denied" ? "blocked" : "off";
    return permission === "denied" ? "blocked" : "not_now";
  }
  try {
    await subscribe();
    await want(true);
    pushState.value = "on";
    return null;
  } catch (error) {
    pushState.value = "off";
    return problemOf(error);
  }
}

export async function turnOff(): Promise<void> {
  pushState.value = "off";
  await want(false);
  await unsubscribe().catch(() => undefined);
  // The browser's word is enough: without a signal the server learns it from the push service.
  await answered(api.DELETE("/v1/me/push")).catch(() => undefined);
}

/** The member logs out: this phone is not woken for them, until they log in again. Call it before the log-in is ended. */
export async function leavePush(): Promise<void> {
  member = null;
  pushState.value = "unknown";
  if (ability() === null) await unsubscribe().catch(() => undefined);
}

export async function choose(chosen: Partial<Pick<Choices, "sound" | "vibration">>): Promise<void> {
  allowSound();
  choices.value = { ...choices.value, ...chosen };
  choices.value = await changeChoices(() => chosen);
}

/** Show the notification as it will look and sound. */
export async function tryIt(): Promise<void> {
  allowSound();
  const { title, options } = notification(choices.value, false, Date.now());
  await (await registration()).showNotification(title, options);
  soundAndShake();
}

/** Call `heard` for each wake-up while the page is open; it sounds and shakes where the page is being looked at. Returns how to stop. */
export function listenForWakeUps(heard: () => void): () => void {
  if (!("serviceWorker" in navigator)) return () => {};
  const listen = (event: MessageEvent) => {
    if (!WHATS.includes(event.data?.what)) return;
    if (document.visibilityState === "visible") soundAndShake();
    heard();
  };
  addEventListener("pointerdown", allowSound, { once: true });
  navigator.serviceWorker.addEventListener("message", listen);
  return () => navigator.serviceWorker.removeEventListener("message", listen);
}

function soundAndShake(): void {
  if (choices.value.sound) ring();
  if (choices.value.vibration) navigator.vibrate?.(PATTERN);
}

/** Why this browser cannot be woken now; null: it can. */
function ability(): PushState | null {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window))
    return /iPhone|iPad|iPod/.test(navigator.userAgent) ? "install" : "unsupported";
  return Notification.permission === "denied" ? "blocked" : null;
}

async function subscribe(): Promise<void> {
  const server = await answered(api.GET("/v1/me/push"));
  const { pushManager } = await registration();
  let has = await pushManager.getSubscription();
  if (has && !isMadeWith(has, server.public_key)) {
    await has.unsubscribe();
    has = null;
  }
  has ??= await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(server.public_key),
  });
  const body = told(has);
  if (!body) throw new DOMException("the browser gave no keys", "AbortError");
  if (server.here?.endpoint !== body.endpoint) await answered(api.PUT("/v1/me/push", { body }));
}

async function unsubscribe(): Promise<void> {
  await (await subscription())?.unsubscribe();
}

async function subscription(): Promise<PushSubscription | null> {
  const known = await navigator.serviceWorker.getRegistration("/phone");
  return (await known?.pushManager.getSubscription()) ?? null;
}

/** The page's service worker. Raises where there is none after ten seconds. */
async function registration(): Promise<ServiceWorkerRegistration> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no service worker")), REGISTRATION_MS);
  });
  return Promise.race([navigator.serviceWorker.ready, late]);
}

async function want(wanted: boolean): Promise<void> {
  const who = member;
  if (who === null) return;
  choices.value = await changeChoices(({ wantedBy }) => ({
    wantedBy: wantedBy.filter((id) => id !== who).concat(wanted ? who : []),
  }));
}

function problemOf(error: unknown): PushProblem {
  if (error instanceof NoAnswer) return "no_signal";
  if (error instanceof Refused) return error.problem.status === 422 ? "refused" : "broken";
  if (!(error instanceof DOMException)) return "broken";
  return error.name === "NotAllowedError" ? "blocked" : "service_away";
}

let keepsLanguage = false;

/** The service worker cannot see which language the page speaks. */
function keepLanguage(): void {
  if (keepsLanguage) return;
  keepsLanguage = true;
  effect(() => {
    const spoken = language.value;
    void changeChoices(() => ({ language: spoken })).catch(() => undefined);
  });
}
