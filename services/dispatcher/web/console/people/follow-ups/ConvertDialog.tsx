import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { CONVERT, END, START } from "../../../texts/console-follow-ups.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { named, t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import { useSending } from "../../setup/asked.ts";
import { FormEnd } from "../../setup/FormEnd.tsx";
import { PlanSaid } from "./PlanSaid.tsx";
import type { Protocol } from "./useProtocols.ts";
import { personName } from "./words.ts";

interface ConvertDialogProps {
  followUp: Schemas["FollowUpDetail"];
  protocols: readonly Protocol[];
  onClose: () => void;
  /** With the id of the follow-up that goes on. */
  onDone: (id: string) => void;
}

/** Ends a follow-up and begins another one today, by another protocol. */
export function ConvertDialog({ followUp, protocols, onClose, onDone }: ConvertDialogProps) {
  const offered = protocols.filter(({ active, code }) => active && code !== followUp.protocol);
  const [protocol, setProtocol] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const chosen = offered.find(({ code }) => code === protocol);
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!protocol) return;
    await sending.run(async () => {
      const params = { path: { id: followUp.id } };
      const body = { protocol, reason: reason.trim() };
      const made = await answered(api.POST("/v1/follow-ups/{id}/convert", { params, body }));
      say(t(CONVERT.converted), "good");
      onDone(made.id);
    });
  };
  return (
    <Dialog title={t(CONVERT.title, { name: personName(followUp.subject) })} onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <p class="setup__quiet setup__says">{t(CONVERT.says)}</p>
        <Field
          label={t(CONVERT.to)}
          error={tried && !protocol ? t(START.needProtocol) : fieldError(sending.error, "protocol")}
        >
          {(input) => (
            <select {...input} value={protocol} onChange={(event) => setProtocol(event.currentTarget.value)}>
              <option value="">{t(START.choose)}</option>
              {offered.map(({ code, names }) => (
                <option key={code} value={code}>
                  {named(names)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {chosen && <PlanSaid lines={chosen.lines} />}
        <TextField
          label={t(END.reason)}
          hint={t(SETUP.optional)}
          error={fieldError(sending.error, "reason")}
          maxLength={200}
          autocomplete="off"
          value={reason}
          onText={setReason}
        />
        <FormEnd sending={sending} shown={["protocol", "reason"]} onCancel={onClose} save={CONVERT.yes} />
      </form>
    </Dialog>
  );
}
