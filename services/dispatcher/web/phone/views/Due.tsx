import { t } from "../../texts/language.ts";
import { DUE_BY, LATE, LEFT } from "../../texts/phone-views.ts";
import { ClockIcon, WarningIcon } from "../../ui/icons.tsx";
import { span } from "../../ui/time.ts";
import { countdown } from "./doors.ts";
import { atDay } from "./naming.ts";
import { useNow } from "./useNow.ts";

/** The due time and what is left until then, in words and in a colour, living. */
export function Due({ at: due }: { at: string }) {
  const { pressure, leftMs, ticking } = countdown(due, useNow());
  const time = ticking ?? span(leftMs);
  return (
    <p class={`due due--${pressure}`}>
      {pressure === "calm" ? <ClockIcon /> : <WarningIcon />}
      <strong>{t(pressure === "late" ? LATE : LEFT, { time })}</strong>
      <span>{t(DUE_BY, { time: atDay(due) })}</span>
    </p>
  );
}
