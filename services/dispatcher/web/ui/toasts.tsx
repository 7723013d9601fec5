/** Short words on what just happened; they go by themselves, except bad ones. */

import { signal } from "@preact/signals";
import { t } from "../texts/language.ts";
import { CLOSE } from "../texts/ui.ts";
import { CrossIcon } from "./icons.tsx";

export type Tone = "good" | "warn" | "bad" | "info";

interface Toast {
  key: number;
  text: string;
  tone: Tone;
}

const SHOWN_MS = 6000;
const shown = signal<readonly Toast[]>([]);
let counted = 0;

export function say(text: string, tone: Tone = "info"): void {
  counted += 1;
  const toast = { key: counted, text, tone };
  shown.value = [...shown.value.slice(-2), toast];
  if (tone !== "bad") setTimeout(() => takeAway(toast.key), SHOWN_MS);
}

function takeAway(key: number): void {
  shown.value = shown.value.filter((toast) => toast.key !== key);
}

/** Where they appear; once a page. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map(({ key, text, tone }) => (
        <div key={key} class={`notice notice--${tone} row`}>
          <span>{text}</span>
          <button
            type="button"
            class="button button--quiet button--icon"
            aria-label={t(CLOSE)}
            onClick={() => takeAway(key)}
          >
            <CrossIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
