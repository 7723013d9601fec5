import { useEffect, useRef } from "preact/hooks";
import { ACTION, EDIT, NEW, PRIORITY, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { fieldError } from "../../ui/refusal.ts";
import { TextField } from "../../ui/TextField.tsx";
import { kinds } from "../model.ts";
import { EditDoor } from "./EditDoor.tsx";
import { type FieldName, type Form, wrongFields } from "./edit.ts";
import { NeedsField } from "./NeedsField.tsx";
import { useEdit } from "./useEdit.ts";
import type { Task } from "./useTask.ts";
import { capabilityName, listed, priorityName } from "./words.ts";

interface EditTaskProps {
  task: Task;
  again: () => Promise<Task | undefined>;
  onDone: () => void;
}

/** Changes an open task. Who changes it at the same time is not overwritten: both are shown. */
export function EditTask({ task, again, onDone }: EditTaskProps) {
  const edit = useEdit(task, again, onDone);
  const fields = useRef<HTMLFormElement>(null);
  // The button that led here is gone, and so is this form once it is done: the keyboard goes on where it was.
  useEffect(() => {
    const form = fields.current;
    const panel = form?.closest<HTMLElement>("[tabindex='-1']");
    form?.querySelector("input")?.focus();
    return () => {
      const at = document.activeElement;
      if (at === document.body || form?.contains(at)) panel?.focus({ preventScroll: true });
    };
  }, []);
  const { form, set, clashes, theirs, tried } = edit;
  const wrong = tried ? wrongFields(form) : [];
  const said = (name: FieldName) =>
    (wrong.includes(name) && t(name === "due_at" ? NEW.dueBeforeOpening : NEW.needTime)) ||
    fieldError(edit.error, name === "minutes" ? "service_s" : name);
  const clash = (name: FieldName) =>
    clashes.includes(name) && theirs ? <Theirs text={shown(name, theirs)} take={() => edit.take(name)} /> : null;
  const own = kinds.value.get(task.kind)?.required_capabilities ?? [];
  return (
    <form ref={fields} class="stack edit" onSubmit={edit.submit} noValidate>
      {edit.metAnother && (
        <p class="notice notice--warn" role="alert">
          {t(EDIT.meanwhile)}
        </p>
      )}
      <div class="edit__pair">
        {(["earliest", "due_at"] as const).map((name) => (
          <div key={name}>
            <TextField
              label={t(name === "earliest" ? TASK.opens : TASK.due)}
              error={said(name) || undefined}
              type="datetime-local"
              value={form[name]}
              onText={(text) => set({ [name]: text })}
            />
            {clash(name)}
          </div>
        ))}
        <div>
          <Field label={t(TASK.priority)}>
            {(input) => (
              <select
                {...input}
                value={form.priority}
                onChange={(event) => set({ priority: Number(event.currentTarget.value) })}
              >
                {Object.entries(PRIORITY).map(([value, text]) => (
                  <option key={value} value={value}>
                    {t(text)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {clash("priority")}
        </div>
        <div>
          <TextField
            label={t(EDIT.fewMinutes)}
            error={said("minutes") || undefined}
            inputMode="decimal"
            value={form.minutes}
            onText={(text) => set({ minutes: text })}
          />
          {clash("minutes")}
        </div>
      </div>
      <NeedsField own={own} needs={form.needs} onNeeds={(needs) => set({ needs })} />
      {clash("needs")}
      <Field label={t(TASK.instructions)} error={said("instructions") || undefined}>
        {(input) => (
          <textarea
            {...input}
            rows={3}
            maxLength={2000}
            value={form.instructions}
            onInput={(event) => set({ instructions: event.currentTarget.value })}
          />
        )}
      </Field>
      {clash("instructions")}
      <EditDoor task={task} edit={edit.door} onEdit={edit.setDoor} />
      {task.subject && <p class="task__quiet">{t(EDIT.personStays)}</p>}
      <ProblemNote error={edit.error} />
      <div class="row row--end edit__foot">
        <button type="button" class="button" onClick={edit.end}>
          {t(ACTION.discard)}
        </button>
        <button type="submit" class="button button--primary" disabled={edit.busy}>
          {t(ACTION.save)}
        </button>
      </div>
    </form>
  );
}

/** What somebody else made of a field that is being edited. */
function Theirs({ text, take }: { text: string; take: () => void }) {
  return (
    <p class="edit__theirs">
      {t(EDIT.theirs)} <strong>{text || t(EDIT.nothing)}</strong>
      <button type="button" class="button button--quiet" onClick={take}>
        {t(EDIT.takeTheirs)}
      </button>
    </p>
  );
}

function shown(name: FieldName, form: Form): string {
  if (name === "needs") return listed(form.needs.map(capabilityName));
  if (name === "priority") return priorityName(form.priority);
  return String(form[name]).replace("T", " ");
}
