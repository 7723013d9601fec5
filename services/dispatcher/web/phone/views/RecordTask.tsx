import type { ComponentChildren } from "preact";
import { fieldsOf } from "../../forms/schema.ts";
import { AS_LAST_TIME } from "../../texts/forms.ts";
import { t } from "../../texts/language.ts";
import { draft, dropDraft, keepDraft } from "../drafts.ts";
import { route } from "../route.ts";
import type { Task } from "../route-overlay.ts";
import { findings, howOf, type PhoneForm, sawThePerson, type VisitDraft } from "./findings.ts";
import { useTellOnce } from "./keeping.ts";
import { useVisitDraft } from "./useVisitDraft.ts";
import { type Said, VisitForm } from "./VisitForm.tsx";

interface Props {
  task: Task;
  /** All tasks of the door that are still to be recorded. */
  open: readonly Task[];
  onRecorded: (ids: readonly string[]) => void;
  /** Above the form. */
  children: ComponentChildren;
}

/** The form of one task. How something is measured is preset as it was the last time; what is found never is. */
export function RecordTask({ task, open, onRecorded, children }: Props) {
  const form = formOf(task);
  const how = draft<VisitDraft["form"]>(howKey(task)) ?? {};
  const { value, change, drop } = useVisitDraft(visitKey(task), { form: how, note: "" });
  const tell = useTellOnce();
  const save = async ({ outcome, checked, all }: Said) => {
    const meant = all ? open : [task];
    const visits = meant.map((one) => {
      const found = findings(outcome, formOf(one), checked, value.note);
      return { report: "visit", task_id: one.id, ...found } as const;
    });
    if (!(await tell(...visits))) return;
    for (const one of meant) dropDraft(visitKey(one));
    drop();
    if (form && sawThePerson(outcome)) keepDraft(howKey(task), howOf(fieldsOf(form.schema), value.form));
    onRecorded(meant.map(({ id }) => id));
  };
  return (
    <VisitForm
      form={form}
      mayFind={task.form_version !== null}
      call={task.channel === "phone"}
      together={open.length}
      value={value}
      hints={hintsOf(how, value.form)}
      onChange={change}
      onSay={(said) => void save(said)}
    >
      {children}
    </VisitForm>
  );
}

function hintsOf(how: VisitDraft["form"], entered: VisitDraft["form"]): Record<string, string> {
  const same = Object.keys(how).filter((name) => how[name] === entered[name]);
  return Object.fromEntries(same.map((name) => [name, t(AS_LAST_TIME)]));
}

function formOf(task: Task): PhoneForm | undefined {
  return route.value?.forms.find((form) => form.kind === task.kind);
}

/** What was typed at one attempt is not found at the next. */
function visitKey(task: Task): string {
  return `visit:${task.id}:${task.attempt}`;
}

function howKey(task: Task): string {
  return `how:${task.kind}`;
}
