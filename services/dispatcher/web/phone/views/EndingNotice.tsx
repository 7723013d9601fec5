import { t } from "../../texts/language.ts";
import { ASK_EACH, SHIFT_ENDED, SHIFT_ENDED_ONE, SHIFT_ENDS, SHIFT_ENDS_ONE } from "../../texts/phone-handover.ts";
import { go } from "../place.ts";
import { route } from "../route.ts";
import { type Asked, asked } from "./ending.ts";
import { at } from "./naming.ts";
import { useNow } from "./useNow.ts";

/** Near the end of the shift: what was accepted and is still open has to be finished or handed over. */
export function EndingNotice() {
  const shown = asked(route.value, useNow(15_000));
  if (!shown) return null;
  return (
    <section class={`notice notice--${shown.over ? "warn" : "info"} ending-notice`} aria-label={t(ASK_EACH)}>
      <p>{words(shown)}</p>
      <button type="button" class="button" onClick={() => go("now", "handover")}>
        {t(ASK_EACH)}
      </button>
    </section>
  );
}

function words({ over, endsAt, doors }: Asked): string {
  const one = doors.length === 1;
  const text = over ? (one ? SHIFT_ENDED_ONE : SHIFT_ENDED) : one ? SHIFT_ENDS_ONE : SHIFT_ENDS;
  return t(text, { time: at(endsAt), n: doors.length });
}
