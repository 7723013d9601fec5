import { useEffect, useState } from "preact/hooks";
import { answered, api, Refused } from "../../api/client.ts";
import { ACTION, EDIT } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { say } from "../../ui/toasts.tsx";
import { askWhere } from "../leaving.ts";
import { isClosed, kinds } from "../model.ts";
import { type DoorEdit, mentionOf, saveDoor } from "./doorEdit.ts";
import { changed, type FieldName, type Form, formOf, patchOf, rebase, wrongFields } from "./edit.ts";
import { zoneOf } from "./TaskFacts.tsx";
import { useDoing } from "./useDoing.ts";
import type { Task } from "./useTask.ts";

interface Unsaved {
  /** The task as it was when the edit began, or when it was last compared: what is sent is judged against that version. */
  readonly base: { readonly version: number; readonly form: Form };
  readonly form: Form;
  readonly door: DoorEdit;
}

/** What is typed into tasks and not saved yet, by task: other panels may be looked at meanwhile. In memory only: it is about people. */
const unsaved = new Map<string, Unsaved>();
askWhere(() => unsaved.size > 0);

export function isUnsaved(id: string): boolean {
  return unsaved.has(id);
}

/** An edit under way: what is typed, against which version it is judged, and where somebody else changed the same. */
export function useEdit(task: Task, again: () => Promise<Task | undefined>, onDone: () => void) {
  const zone = zoneOf();
  const own = kinds.value.get(task.kind)?.required_capabilities ?? [];
  const kept = unsaved.get(task.id);
  const [base, setBase] = useState(kept?.base ?? { version: task.version, form: formOf(task, zone, own) });
  const [form, setForm] = useState(kept?.form ?? base.form);
  const [clashes, setClashes] = useState<readonly FieldName[]>([]);
  const [metAnother, setMetAnother] = useState(false);
  const [door, setDoor] = useState<DoorEdit>(kept?.door ?? { is: "same" });
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useDoing();
  useEffect(() => {
    if (changed(base.form, form).length > 0 || door.is !== "same") unsaved.set(task.id, { base, form, door });
    else unsaved.delete(task.id);
  }, [base, form, door]);
  const end = () => {
    unsaved.delete(task.id);
    onDone();
  };
  const set = (some: Partial<Form>) => setForm({ ...form, ...some });
  const compare = async () => {
    const now = await again();
    if (!now) return;
    if (isClosed(now.status)) return say(t(EDIT.closedMeanwhile), "warn");
    const theirs = formOf(now, zone, own);
    const rebased = rebase(base.form, form, theirs);
    setBase({ version: now.version, form: theirs });
    setForm(rebased.form);
    setClashes(rebased.clashes);
    setMetAnother(true);
  };
  const save = async () => {
    const household = mentionOf(task, door);
    const patch = { ...patchOf(base.form, form, zone), ...(household ? { household } : {}) };
    const touched = Object.keys(patch).length > 0 || door.is !== "same";
    if (Object.keys(patch).length > 0) {
      const body = patch as never; // the generated type takes no mention with a point that is null
      const headers = { "If-Match": `"${base.version}"` };
      const saved = await answered(
        api.PATCH("/v1/tasks/{id}", { params: { path: { id: task.id }, header: headers }, body }),
      );
      // Where the door is refused now, what is in is not sent again.
      setBase({ version: saved.version, form });
    }
    await saveDoor(task, door);
    say(t(touched ? ACTION.saved : ACTION.nothingChanged), touched ? "good" : "info");
    void again();
    end();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    setClashes([]);
    setMetAnother(false);
    if (wrongFields(form).length) return;
    void run(async () => {
      try {
        await save();
      } catch (problem) {
        if (!(problem instanceof Refused) || problem.problem.code !== "changed_meanwhile") throw problem;
        await compare();
      }
    });
  };
  const take = (name: FieldName) => {
    set({ [name]: base.form[name] });
    setClashes(clashes.filter((other) => other !== name));
  };
  return { form, set, clashes, metAnother, theirs: base.form, tried, error, busy, submit, take, door, setDoor, end };
}
