import { t } from "../../texts/language.ts";
import { BREAK, BREAK_FROM_TO } from "../../texts/phone-views.ts";
import { PauseIcon } from "../../ui/icons.tsx";
import type { Stop } from "../route-overlay.ts";
import { at } from "./naming.ts";

/** The team's break, as planned. */
export function Break({ stop }: { stop: Stop }) {
  return (
    <div class="empty">
      <PauseIcon />
      <p class="door__unit">{t(BREAK)}</p>
      <p class="quiet">{t(BREAK_FROM_TO, { from: at(stop.arrive_at), to: at(stop.leave_at) })}</p>
    </div>
  );
}
