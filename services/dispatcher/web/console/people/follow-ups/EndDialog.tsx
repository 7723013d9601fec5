import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { END } from "../../../texts/console-follow-ups.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import { useSending } from "../../setup/asked.ts";
import { FormEnd } from "../../setup/FormEnd.tsx";
import { personName } from "./words.ts";

interface EndDialogProps {
  followUp: Schemas["FollowUpDetail"];
  onClose: () => void;
  onDone: () => void;
}

const HOW = ["completed", "lost", "cancelled"] as const;
type How = (typeof HOW)[number];

/** Ends a follow-up, in one of the ways in which a person may say that it ended. */
export function EndDialog({ followUp, onClose, onDone }: EndDialogProps) {
  const [how, setHow] = useState<How>("completed");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const lacks = how === "cancelled" && !reason.trim();
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (lacks) return;
    await sending.run(async () => {
      const params = { path: { id: followUp.id } };
      await answered(api.POST("/v1/follow-ups/{id}/end", { params, body: { status: how, reason: reason.trim() } }));
      say(t(END.ended), "good");
      onDone();
    });
  };
  return (
    <Dialog title={t(END.title, { name: personName(followUp.subject) })} onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <fieldset class="setup__set">
          <legend class="field__label">{t(END.how)}</legend>
          {HOW.map((one) => (
            <label key={one} class="setup__radio">
              <input type="radio" name="how" checked={how === one} onChange={() => setHow(one)} />
              {t(END[one])}
            </label>
          ))}
        </fieldset>
        <TextField
          label={t(END.reason)}
          hint={how === "cancelled" ? undefined : t(SETUP.optional)}
          error={tried && lacks ? t(END.needReason) : fieldError(sending.error, "reason")}
          maxLength={200}
          autocomplete="off"
          value={reason}
          onText={setReason}
        />
        <p class="setup__quiet setup__says">{t(END.says)}</p>
        <FormEnd sending={sending} shown={["reason"]} onCancel={onClose} save={END.yes} danger />
      </form>
    </Dialog>
  );
}
