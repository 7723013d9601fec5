import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { say } from "../../../ui/toasts.tsx";
import { EndOfShift } from "../../handover/EndOfShift.tsx";
import { district, mayChange, type Team } from "../../model.ts";
import { useSending } from "../asked.ts";
import { type Draft, type Shift, usualOf } from "./plan.ts";
import { RemoveShift } from "./RemoveShift.tsx";
import { RestNotice } from "./RestNotice.tsx";
import { ShiftFields } from "./ShiftFields.tsx";
import { proposedBreak, read, type Written, written } from "./written.ts";

export type ShiftShown =
  | { readonly state: "new"; readonly team_id: string; readonly from: string; readonly until: string }
  | { readonly state: "draft"; readonly draft: Draft }
  | { readonly state: "saved"; readonly shift: Shift };

interface ShiftFormProps {
  shown: ShiftShown;
  teams: readonly Team[];
  timeZone: string;
  /** The draft that is shown, changed; null: left out. */
  onDraft: (changed: Draft | null) => void;
  onSaved: () => void;
  onClose: () => void;
}

const SHOWN = ["starts_at", "ends_at", "break", "team_id"];

/** One shift: a new one, a saved one, or one that is only drawn. */
export function ShiftForm({ shown, teams, timeZone, onDraft, onSaved, onClose }: ShiftFormProps) {
  const id = useRef(newId());
  const [form, setForm] = useState<Written>(() => first(shown, timeZone));
  const sending = useSending();
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = read(form, timeZone);
    if (shown.state === "draft") {
      onDraft({ id: shown.draft.id, ...body });
      return onClose();
    }
    await sending.run(async () => {
      const { warnings } =
        shown.state === "new"
          ? await answered(api.POST("/v1/shifts", { body: { id: id.current, ...body } }))
          : await patch(shown.shift, body);
      if (warnings.length) say(t(REST.saved), "warn");
      else say(t(SETUP.saved), "good");
      onSaved();
      onClose();
    });
  };
  const code = teams.find((team) => team.id === form.team_id)?.code ?? "";
  return (
    <Dialog title={shown.state === "new" ? t(SHIFTS.add) : t(SHIFTS.edit, { team: code })} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        {shown.state === "draft" && shown.draft.wrong && <p class="notice notice--bad">{shown.draft.wrong}</p>}
        {shown.state === "saved" && <RestNotice shift={shown.shift} timeZone={timeZone} />}
        <fieldset class="setup__set" disabled={!mayChange.value}>
          <ShiftFields
            form={form}
            set={(change) => setForm({ ...form, ...change })}
            teams={shown.state === "saved" ? undefined : teams}
            timeZone={timeZone}
            error={sending.error}
          />
        </fieldset>
        <ProblemNote error={sending.error} shown={SHOWN} />
        {shown.state === "saved" && Date.parse(shown.shift.starts_at) <= Date.now() && (
          <EndOfShift of={{ shift: shown.shift.id }} saysNothing />
        )}
        <div class="setup__end">
          {shown.state === "saved" && mayChange.value && (
            <RemoveShift shift={shown.shift} onRemoved={onSaved} onClose={onClose} />
          )}
          {shown.state === "draft" && (
            <button
              type="button"
              class="button button--danger"
              onClick={() => {
                onDraft(null);
                onClose();
              }}
            >
              {t(SHIFTS.removeDraft)}
            </button>
          )}
          <span class="setup__gap" />
          <button type="button" class="button" onClick={onClose}>
            {t(SETUP.cancel)}
          </button>
          {mayChange.value && (
            <button type="submit" class="button button--primary" disabled={sending.busy}>
              {t(SETUP.save)}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function first(shown: ShiftShown, timeZone: string): Written {
  if (shown.state === "new") {
    const plain = { ...shown, withBreak: false, earliest: "", latest: "", minutes: "30" };
    const usual = usualOf(district.value?.settings ?? {});
    const proposed = usual ? proposedBreak(plain, timeZone, usual) : {};
    return proposed.earliest ? { ...plain, ...proposed } : plain;
  }
  return written(shown.state === "draft" ? shown.draft : shown.shift, timeZone);
}

/** A break is sent only where it is another: one that is sent is planned anew, whatever was had of it. */
async function patch(shift: Shift, { starts_at, ends_at, break: rest }: ReturnType<typeof read>): Promise<Shift> {
  const body = { starts_at, ends_at, ...(sameBreak(shift.break, rest) ? {} : { break: rest }) };
  return answered(api.PATCH("/v1/shifts/{id}", { params: { path: { id: shift.id } }, body: body as never }));
}

function sameBreak(before: Shift["break"], after: ReturnType<typeof read>["break"]): boolean {
  if (!before || !after) return before === after;
  return (
    Date.parse(before.earliest) === Date.parse(after.earliest) &&
    Date.parse(before.latest) === Date.parse(after.latest) &&
    before.duration_s === after.duration_s
  );
}
