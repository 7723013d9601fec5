import { TextField } from "../../ui/TextField.tsx";
import "./tasks.css";
import { ACTION, NEW, ONLY_READS, PRIORITY, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { fieldError } from "../../ui/refusal.ts";
import { span } from "../../ui/time.ts";
import { district, type Kind, kindName, kinds, mayChange } from "../model.ts";
import { AfterSending } from "./AfterSending.tsx";
import { DoorField } from "./DoorField.tsx";
import type { Draft } from "./draft.ts";
import { NeedsField } from "./NeedsField.tsx";
import { PersonField } from "./PersonField.tsx";
import { SendingNotes } from "./SendingNotes.tsx";
import { type NewTaskState, useNewTask } from "./useNewTask.ts";
import { listed, priorityName, roleName } from "./words.ts";

/** A new task, from its kind to the team that gets it. */
export function NewTask() {
  const state = useNewTask();
  const { draft, sent } = state;
  if (!mayChange.value) return <p class="notice notice--info">{t(ONLY_READS)}</p>;
  if (sent) return <AfterSending sent={sent} draft={draft} onNext={state.next} />;
  const kind = kinds.value.get(draft.kind);
  return (
    <form class="task new" onSubmit={state.submit} noValidate>
      <h2>{t(NEW.title)}</h2>
      <KindField draft={draft} state={state} />
      {kind && (
        <>
          <fieldset class="task__group">
            <legend>{t(kind.channel === "phone" ? NEW.whereCall : NEW.where)}</legend>
            <DoorField door={draft.door} onDoor={(door) => state.set({ door })} error={placeError(state)} />
          </fieldset>
          <fieldset class="task__group">
            <legend>{t(NEW.who)}</legend>
            <PersonField
              door={draft.door}
              person={draft.person}
              onPerson={(person) => state.set({ person })}
              error={state.lacks("phone") ? t(NEW.callNeedsPhone) : fieldError(state.error, "subject.phone")}
            />
          </fieldset>
          <WhenFields kind={kind} state={state} />
          <Field label={t(TASK.instructions)} error={fieldError(state.error, "instructions")}>
            {(input) => (
              <textarea
                {...input}
                rows={3}
                maxLength={2000}
                value={draft.instructions}
                onInput={(event) => state.set({ instructions: event.currentTarget.value })}
              />
            )}
          </Field>
        </>
      )}
      <SendingNotes state={state} />
      {!state.asksFirst && (
        <>
          <ProblemNote error={state.error} />
          <div class="row row--end">
            <button type="button" class="button" onClick={state.clear}>
              {t(NEW.clear)}
            </button>
            <button type="submit" class="button button--primary" disabled={state.busy}>
              {t(state.busy ? NEW.sending : state.error ? ACTION.tryAgain : NEW.send)}
            </button>
          </div>
        </>
      )}
    </form>
  );
}

function placeError(state: NewTaskState): string | undefined {
  if (state.lacks("place")) return t(NEW.needPlace);
  return fieldError(state.error, "household") ?? fieldError(state.error, "household.address");
}

function KindField({ draft, state }: { draft: Draft; state: NewTaskState }) {
  const offered = [...kinds.value.values()].filter((kind) => kind.active);
  const kind = kinds.value.get(draft.kind);
  return (
    <Field
      label={t(NEW.kind)}
      hint={kind && kindHint(kind)}
      error={state.lacks("kind") ? t(NEW.needKind) : fieldError(state.error, "kind")}
    >
      {(input) => (
        <select {...input} value={draft.kind} onChange={(event) => state.set({ kind: event.currentTarget.value })}>
          <option value="">{t(NEW.chooseKind)}</option>
          {offered.map(({ code }) => (
            <option key={code} value={code}>
              {kindName(code)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function kindHint(kind: Kind): string {
  return t(NEW.kindSays, {
    channel: t(kind.channel === "phone" ? NEW.phone : NEW.visit),
    roles: listed(kind.required_roles.map(roleName)),
    minutes: Math.round(kind.service_s / 60),
    due: dueWords(kind),
  });
}

function dueWords(kind: Kind): string {
  return kind.due_after_s === null ? t(NEW.dueDayEnd) : t(NEW.dueAfter, { time: span(kind.due_after_s * 1000) });
}

function WhenFields({ kind, state }: { kind: Kind; state: NewTaskState }) {
  const { draft, set } = state;
  const here = district.value;
  return (
    <fieldset class="task__group stack">
      <legend>{t(NEW.when)}</legend>
      <div class="edit__pair">
        <TextField
          label={t(TASK.opens)}
          hint={t(NEW.earliestHint)}
          error={fieldError(state.error, "earliest")}
          type="datetime-local"
          value={draft.earliest}
          onText={(text) => set({ earliest: text })}
        />
        <TextField
          label={t(TASK.due)}
          hint={t(NEW.dueHint, { what: dueWords(kind) })}
          error={state.lacks("due") ? t(NEW.dueBeforeOpening) : fieldError(state.error, "due_at")}
          type="datetime-local"
          value={draft.due}
          onText={(text) => set({ due: text })}
        />
        <Field label={t(TASK.priority)} error={fieldError(state.error, "priority")}>
          {(input) => (
            <select
              {...input}
              value={draft.priority}
              onChange={(event) => set({ priority: Number(event.currentTarget.value) })}
            >
              <option value={0}>{t(NEW.asKind, { what: priorityName(kind.priority) })}</option>
              {Object.entries(PRIORITY).map(([value, text]) => (
                <option key={value} value={value}>
                  {t(text)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {here && <p class="task__quiet">{t(NEW.times, { place: here.name, zone: here.time_zone })}</p>}
      <NeedsField own={kind.required_capabilities} needs={draft.needs} onNeeds={(needs) => set({ needs })} />
    </fieldset>
  );
}
