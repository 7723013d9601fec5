import "../../tasks/tasks.css";
import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { START } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { say } from "../../../ui/toasts.tsx";
import type { District } from "../../model.ts";
import { now } from "../../now.ts";
import { useSending } from "../../setup/asked.ts";
import { FormEnd } from "../../setup/FormEnd.tsx";
import { PersonField } from "../../tasks/PersonField.tsx";
import { NO_DOOR, NOBODY } from "../../tasks/places.ts";
import { wallClock } from "../../zone.ts";
import { HomeField } from "./HomeField.tsx";
import { bodyOf, type Draft, type Lacking, lacking } from "./start.ts";
import type { Protocol } from "./useProtocols.ts";
import { WhenFields } from "./WhenFields.tsx";

interface StartDialogProps {
  district: District;
  protocols: readonly Protocol[];
  onClose: () => void;
  onStarted: (id: string) => void;
}

const SHOWN = ["subject", "household", "protocol", "first_day", "last_day"];

/** Whom to follow up, at which door, by which protocol and from when on. */
export function StartDialog({ district, protocols, onClose, onStarted }: StartDialogProps) {
  const id = useRef(newId());
  const [draft, setDraft] = useState<Draft>(() => ({
    id: id.current,
    person: NOBODY,
    door: NO_DOOR,
    protocol: "",
    first_day: wallClock(now.value, district.time_zone).slice(0, 10),
    last_day: "",
  }));
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const lacks = (what: Lacking) => tried && lacking(draft).includes(what);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (lacking(draft).length > 0) return;
    await sending.run(async () => {
      const made = await answered(api.POST("/v1/follow-ups", { body: bodyOf(draft, district.id) as never }));
      say(t(START.started), "good");
      onStarted(made.id);
    });
  };
  const whoIsWrong = lacks("person") ? t(START.needPerson) : lacks("name") ? t(START.needName) : undefined;
  return (
    <Dialog title={t(START.title)} onClose={onClose}>
      <form class="task" onSubmit={submit} noValidate>
        <fieldset class="task__group stack">
          <legend>{t(START.who)}</legend>
          <PersonField
            needed
            door={draft.door}
            person={draft.person}
            onPerson={(person) => set({ person })}
            error={whoIsWrong ?? fieldError(sending.error, "subject")}
          />
        </fieldset>
        {draft.person.is !== "none" && (
          <fieldset class="task__group stack">
            <legend>{t(START.home)}</legend>
            <HomeField
              person={draft.person}
              door={draft.door}
              onDoor={(door) => set({ door })}
              error={lacks("home") ? t(START.needHome) : fieldError(sending.error, "household")}
            />
          </fieldset>
        )}
        <WhenFields
          draft={draft}
          set={set}
          protocols={protocols}
          lacksProtocol={lacks("protocol")}
          error={sending.error}
        />
        <FormEnd sending={sending} shown={SHOWN} onCancel={onClose} save={START.start} />
      </form>
    </Dialog>
  );
}
