import { useState } from "preact/hooks";
import type { Schemas } from "../../api/client.ts";
import { t } from "../../texts/language.ts";
import { CANCEL, DUTY_SHORT, MY_DUTY, OFF_HINT, OFF_TITLE, OFF_YES } from "../../texts/phone-views.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { duty } from "../route.ts";
import { tell } from "./keeping.ts";

const ALL = ["on", "break", "off"] as const;

/** The member's own word on whether they are there. Going off gives work away, so it is asked for twice. */
export function DutySwitch() {
  const [leaving, setLeaving] = useState(false);
  const say = (chosen: Schemas["Duty"]) => {
    setLeaving(false);
    if (chosen !== duty.value) void tell({ report: "duty", duty: chosen });
  };
  return (
    <section aria-label={t(MY_DUTY)}>
      <div class="segments segments--big" role="group" aria-label={t(MY_DUTY)}>
        {ALL.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={duty.value === one}
            onClick={() => (one === "off" && duty.value !== "off" ? setLeaving(true) : say(one))}
          >
            {t(DUTY_SHORT[one])}
          </button>
        ))}
      </div>
      {leaving && (
        <Dialog title={t(OFF_TITLE)} onClose={() => setLeaving(false)}>
          <div class="stack">
            <p>{t(OFF_HINT)}</p>
            <button type="button" class="button button--primary" onClick={() => say("off")}>
              {t(OFF_YES)}
            </button>
            <button type="button" class="button" onClick={() => setLeaving(false)}>
              {t(CANCEL)}
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
