import { useState } from "preact/hooks";
import { answered, api, Refused, type Schemas } from "../../../api/client.ts";
import { CHANGE, ONE } from "../../../texts/console-follow-ups.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import { useSending } from "../../setup/asked.ts";
import { LinesField } from "../../setup/protocols/LinesField.tsx";
import { type Draft, draftOf, patchOf } from "./change.ts";
import { personName } from "./words.ts";

type Detail = Schemas["FollowUpDetail"];

interface ChangeDialogProps {
  followUp: Detail;
  onClose: () => void;
  onDone: () => void;
}

const SHOWN = ["last_day", "lost_after_days"];

/** Changes what is due and until when, unless somebody else changed it since it was read. */
export function ChangeDialog({ followUp, onClose, onDone }: ChangeDialogProps) {
  const [base, setBase] = useState(followUp);
  const [draft, setDraft] = useState<Draft>(() => draftOf(followUp));
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const path = { id: base.id };
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    const body = patchOf(draft, base);
    if (!body) return;
    await sending.run(async () => {
      await answered(api.PATCH("/v1/follow-ups/{id}", { params: { path }, body }));
      say(t(CHANGE.changed), "good");
      onDone();
    });
  };
  const startAnew = () =>
    sending.run(async () => {
      const fresh = await answered(api.GET("/v1/follow-ups/{id}", { params: { path } }));
      setBase(fresh);
      setDraft(draftOf(fresh));
    });
  const isConflict = sending.error instanceof Refused && sending.error.problem.code === "changed_meanwhile";
  return (
    <Dialog title={t(CHANGE.title, { name: personName(followUp.subject) })} onClose={onClose} wide>
      <form class="stack" onSubmit={submit} noValidate>
        <div class="setup__pair">
          <TextField
            label={t(CHANGE.lastDay)}
            hint={t(CHANGE.lastDayHint)}
            error={fieldError(sending.error, "last_day")}
            type="date"
            value={draft.last_day}
            onText={(last_day) => set({ last_day })}
          />
          <TextField
            label={t(CHANGE.lost)}
            hint={t(CHANGE.lostHint)}
            error={fieldError(sending.error, "lost_after_days")}
            type="number"
            min={1}
            max={366}
            value={draft.lost}
            onText={(lost) => set({ lost })}
          />
        </div>
        <fieldset class="setup__set">
          <legend class="field__label">{t(ONE.lines)}</legend>
          <LinesField lines={draft.lines} set={(lines) => set({ lines })} tried={tried} error={sending.error} />
        </fieldset>
        {isConflict ? (
          <div class="notice notice--warn stack" role="alert">
            <span>{t(CHANGE.conflict)}</span>
            <button type="button" class="button setup__start" onClick={() => void startAnew()}>
              {t(CHANGE.fresh)}
            </button>
          </div>
        ) : (
          <ProblemNote error={sending.error} shown={SHOWN} />
        )}
        <div class="setup__end">
          <button type="button" class="button" onClick={onClose}>
            {t(SETUP.cancel)}
          </button>
          <button type="submit" class="button button--primary" disabled={sending.busy || isConflict}>
            {t(SETUP.save)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
