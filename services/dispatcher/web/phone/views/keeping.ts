/** What a tap says is kept once, or the member is told that it was not. */

import { useRef } from "preact/hooks";
import { t } from "../../texts/language.ts";
import { NOT_KEPT } from "../../texts/phone-views.ts";
import { say } from "../../ui/toasts.tsx";
import { report } from "../queue.ts";
import type { NewReport } from "../reports.ts";

/** Report, and say so where the phone could not keep it: full, or its memory fails. Returns whether it is kept. */
export async function tell(...items: NewReport[]): Promise<boolean> {
  try {
    await report(...items);
    return true;
  } catch {
    say(t(NOT_KEPT), "bad");
    return false;
  }
}

/** The same for a screen that is left by it: taps after the first count for nothing, unless it was not kept. */
export function useTellOnce(): typeof tell {
  const told = useRef(false);
  return async (...items) => {
    if (told.current) return false;
    told.current = true;
    told.current = await tell(...items);
    return told.current;
  };
}
