import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { KINDS } from "../../../texts/console-kinds.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { named, t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { say } from "../../../ui/toasts.tsx";
import { loadKinds } from "../../load.ts";
import { type District, mayChange } from "../../model.ts";
import { useAsked, useSending } from "../asked.ts";
import { FormEnd } from "../FormEnd.tsx";
import { changesOf, type Draft, draftOf, type KindOut, newDraft, readForm } from "./draft.ts";
import { KindFields } from "./KindFields.tsx";
import { ResultForm } from "./ResultForm.tsx";

interface KindDialogProps {
  district: District;
  /** null: a new one */
  id: string | null;
  onClose: () => void;
}

/** A kind with its form. A known one is read afresh: the list goes without forms. */
export function KindDialog({ district, id, onClose }: KindDialogProps) {
  const asked = useAsked(
    async () => (id ? answered(api.GET("/v1/kinds/{id}", { params: { path: { id } } })) : null),
    [id],
  );
  const title = asked.value ? t(KINDS.edit, { name: named(asked.value.names) }) : t(KINDS.add);
  return (
    <Dialog title={title} onClose={onClose} wide>
      <ProblemNote error={asked.error} />
      {asked.value !== undefined && <KindForm district={district} kind={asked.value} onClose={onClose} />}
      {asked.value === undefined && !asked.error && <p>{t(SETUP.loading)}</p>}
    </Dialog>
  );
}

const SHOWN = [
  "names",
  "code",
  "service_s",
  "due_after_s",
  "required_roles",
  "required_capabilities",
  "max_attempts",
  "retry_after_s",
  "quick_s",
  "far_m",
  "follow_on",
  "then_follow_up",
  "form",
];

function KindForm({ district, kind, onClose }: { district: District; kind: KindOut | null; onClose: () => void }) {
  const id = useRef(kind?.id ?? newId());
  const [draft, setDraft] = useState<Draft>(() => (kind ? draftOf(kind) : newDraft()));
  const sending = useSending();
  const form = readForm(draft.form);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!form.schema) return;
    const { schema } = form;
    await sending.run(async () => {
      const given = { ...changesOf(draft), form: schema as never };
      if (kind) await answered(api.PATCH("/v1/kinds/{id}", { params: { path: { id: kind.id } }, body: given }));
      else await answered(api.POST("/v1/kinds", { body: { ...given, id: id.current, district: district.code } }));
      await loadKinds();
      say(t(SETUP.saved), "good");
      onClose();
    });
  };
  return (
    <form class="stack" onSubmit={submit}>
      <div class="setup__halves">
        <fieldset class="setup__set" disabled={!mayChange.value}>
          <KindFields
            district={district}
            draft={draft}
            set={(change) => setDraft({ ...draft, ...change })}
            error={sending.error}
          />
        </fieldset>
        <ResultForm
          district={district}
          kind={kind}
          text={draft.form}
          read={form}
          set={(text) => setDraft({ ...draft, form: text })}
          error={sending.error}
        />
      </div>
      <FormEnd sending={sending} shown={SHOWN} onCancel={onClose} blocked={!form.schema} readOnly={!mayChange.value} />
    </form>
  );
}
