import { useState } from "preact/hooks";
import { named, t } from "../../texts/language.ts";
import {
  APPLIES_TO,
  DECLINE_HINT,
  DECLINE_OTHER,
  DECLINE_SEND,
  DECLINE_TITLE,
  DECLINED,
  REASONS,
} from "../../texts/phone-views.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { say } from "../../ui/toasts.tsx";
import type { Stop } from "../route-overlay.ts";
import { declinable } from "./doors.ts";
import { useTellOnce } from "./keeping.ts";

const LONGEST = 200;

interface Props {
  stop: Stop;
  onClose: () => void;
  /** Nothing of the stop is left to the team. */
  onAllGiven: () => void;
}

/** Give a door back, with a reason: one of the usual ones in a tap, or in words. */
export function Decline({ stop, onClose, onAllGiven }: Props) {
  const tasks = declinable(stop);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [reason, setReason] = useState("");
  const chosen = tasks.filter((task) => !left.includes(task.id));
  const turn = (id: string) => setLeft(left.includes(id) ? left.filter((one) => one !== id) : [...left, id]);
  const tell = useTellOnce();
  const send = async () => {
    const said = chosen.map((task) => ({ report: "decline", task_id: task.id, reason: reason.trim() }) as const);
    if (!(await tell(...said))) return;
    say(t(DECLINED), "info");
    onClose();
    if (chosen.length === stop.tasks.length) onAllGiven();
  };
  return (
    <Dialog title={t(DECLINE_TITLE)} onClose={onClose}>
      <div class="stack">
        <p class="quiet">{t(DECLINE_HINT)}</p>
        {tasks.length > 1 && (
          <div class="row" role="group" aria-label={t(APPLIES_TO)}>
            {tasks.map((task) => (
              <button
                key={task.id}
                type="button"
                class="chip"
                aria-pressed={!left.includes(task.id)}
                onClick={() => turn(task.id)}
              >
                {named(task.names)}
              </button>
            ))}
          </div>
        )}
        <div class="reasons" role="group" aria-label={t(DECLINE_TITLE)}>
          {REASONS.map((one) => (
            <button
              key={one.en}
              type="button"
              class="chip"
              aria-pressed={reason === t(one)}
              onClick={() => setReason(t(one))}
            >
              {t(one)}
            </button>
          ))}
        </div>
        <Field label={t(DECLINE_OTHER)}>
          {(input) => (
            <input
              {...input}
              maxLength={LONGEST}
              value={REASONS.some((one) => t(one) === reason) ? "" : reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        <button
          type="button"
          class="button button--danger"
          disabled={!reason.trim() || !chosen.length}
          onClick={() => void send()}
        >
          {t(DECLINE_SEND)}
        </button>
      </div>
    </Dialog>
  );
}
