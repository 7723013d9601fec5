import "../kinds/kinds.css";
import "./protocols.css";
import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { PROTOCOLS } from "../../../texts/console-follow-ups.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { named, t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { say } from "../../../ui/toasts.tsx";
import { type District, mayChange } from "../../model.ts";
import { useSending } from "../asked.ts";
import { FormEnd } from "../FormEnd.tsx";
import { bodyOf, type Draft, draftOf, newDraft, type ProtocolOut } from "./draft.ts";
import { ItemsField } from "./ItemsField.tsx";
import { LinesField } from "./LinesField.tsx";
import { Preview } from "./Preview.tsx";
import { ContactsChoice, NameFields } from "./ProtocolFields.tsx";

interface ProtocolDialogProps {
  district: District;
  /** null: a new one */
  protocol: ProtocolOut | null;
  onClose: () => void;
  onSaved: () => void;
}

const SHOWN = ["names", "code", "days", "lost_after_days", "for_contacts"];

/** A protocol, with the days that it makes beside it. */
export function ProtocolDialog({ district, protocol, onClose, onSaved }: ProtocolDialogProps) {
  const id = useRef(protocol?.id ?? newId());
  const [draft, setDraft] = useState<Draft>(() => (protocol ? draftOf(protocol) : newDraft()));
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    const given = bodyOf(draft);
    if (!given) return;
    await sending.run(async () => {
      const body = given as never;
      if (protocol) await answered(api.PATCH("/v1/protocols/{id}", { params: { path: { id: protocol.id } }, body }));
      else {
        const made = { ...given, id: id.current, district: district.id } as never;
        await answered(api.POST("/v1/protocols", { body: made }));
      }
      say(t(SETUP.saved), "good");
      onSaved();
    });
  };
  const title = protocol ? t(PROTOCOLS.edit, { name: named(protocol.names) }) : t(PROTOCOLS.add);
  return (
    <Dialog title={title} onClose={onClose} wide>
      <form class="stack" onSubmit={submit} noValidate>
        <fieldset class="setup__set" disabled={!mayChange.value}>
          <NameFields draft={draft} set={set} error={sending.error} />
          <div class="plan__halves">
            <div class="stack">
              <h3>{t(PROTOCOLS.lines)}</h3>
              <LinesField lines={draft.lines} set={(lines) => set({ lines })} tried={tried} error={sending.error} />
            </div>
            <Preview lines={draft.lines} days={draft.days} />
          </div>
          <ItemsField items={draft.items} set={(items) => set({ items })} error={sending.error} />
          <ContactsChoice draft={draft} set={set} error={sending.error} />
        </fieldset>
        <FormEnd sending={sending} shown={SHOWN} onCancel={onClose} readOnly={!mayChange.value} />
      </form>
    </Dialog>
  );
}
