import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { MEMBERS, SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { DUTY } from "../../../texts/words.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import type { District } from "../../model.ts";
import { useSending } from "../asked.ts";
import { CapabilityChoice } from "../CapabilityChoice.tsx";
import { FormEnd } from "../FormEnd.tsx";
import { LANGUAGE_NAME, roleName } from "../names.ts";
import { LogOutEverywhere } from "./LogOutEverywhere.tsx";
import type { Member } from "./Members.tsx";
import { SuitOff, wearsSuit } from "./SuitOff.tsx";

interface MemberFormProps {
  district: District;
  /** null: a new one */
  member: Member | null;
  onClose: () => void;
  onSaved: (saved: Member, isNew: boolean) => void;
}

type Draft = Pick<Member, "name" | "phone" | "role" | "capabilities" | "language" | "duty" | "active"> & {
  pin: string;
};

const SHOWN = ["name", "phone", "role", "capabilities", "language", "pin", "duty"];

/** A member, new or known. Only what was changed is sent. */
export function MemberForm({ district, member, onClose, onSaved }: MemberFormProps) {
  const id = useRef(member?.id ?? newId());
  const [draft, setDraft] = useState<Draft>(() => draftOf(district, member));
  const sending = useSending();
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const submit = async (event: Event) => {
    event.preventDefault();
    await sending.run(async () => {
      const saved = member ? await change(member, draft) : await create(district, id.current, draft);
      say(t(member ? SETUP.saved : MEMBERS.added, { name: saved.name }), "good");
      onSaved(saved, !member);
    });
  };
  return (
    <Dialog title={t(member ? MEMBERS.edit : MEMBERS.add)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <MemberFields district={district} member={member} draft={draft} set={set} error={sending.error} />
        {wearsSuit(member) && (
          <SuitOff member={member} timeZone={district.time_zone} onSaved={(saved) => onSaved(saved, false)} />
        )}
        <FormEnd sending={sending} shown={SHOWN} onCancel={onClose}>
          {member && <LogOutEverywhere member={member} />}
          <span class="setup__gap" />
        </FormEnd>
      </form>
    </Dialog>
  );
}

function draftOf(district: District, member: Member | null): Draft {
  if (!member) {
    const role = district.slots[0] ?? "";
    return { name: "", phone: "", role, capabilities: [], language: "zh", duty: "on", active: true, pin: "" };
  }
  const { name, phone, role, capabilities, language, duty, active } = member;
  return { name, phone, role, capabilities, language, duty, active, pin: "" };
}

function create(district: District, id: string, { pin, ...draft }: Draft): Promise<Member> {
  const body = { ...draft, id, district: district.code, pin: pin || null };
  return answered(api.POST("/v1/members", { body }));
}

function change(member: Member, { pin, ...draft }: Draft): Promise<Member> {
  const changed = Object.entries(draft).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(member[name as keyof Member]),
  );
  const body = { ...Object.fromEntries(changed), ...(pin && { pin }) };
  return answered(api.PATCH("/v1/members/{id}", { params: { path: { id: member.id } }, body }));
}

interface FieldsProps {
  district: District;
  member: Member | null;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: unknown;
}

function MemberFields({ district, member, draft, set, error }: FieldsProps) {
  return (
    <>
      <div class="setup__pair">
        <TextField
          label={t(MEMBERS.name)}
          error={fieldError(error, "name")}
          required
          maxLength={200}
          autocomplete="off"
          value={draft.name}
          onText={(text) => set({ name: text })}
        />
        <TextField
          label={t(MEMBERS.phone)}
          hint={t(MEMBERS.phoneHint)}
          error={fieldError(error, "phone")}
          type="tel"
          required
          autocomplete="off"
          value={draft.phone}
          onText={(text) => set({ phone: text })}
        />
        <Choice
          label={t(MEMBERS.role)}
          error={fieldError(error, "role")}
          value={draft.role}
          options={[...new Set([...district.slots, draft.role])].map((role) => [role, roleName(role)])}
          choose={(role) => set({ role })}
        />
        <Choice
          label={t(MEMBERS.language)}
          error={fieldError(error, "language")}
          value={draft.language}
          options={Object.entries({ [draft.language]: draft.language, ...LANGUAGE_NAME })}
          choose={(language) => set({ language })}
        />
      </div>
      <CapabilityChoice
        hint={t(MEMBERS.capabilitiesHint)}
        chosen={draft.capabilities}
        choose={(capabilities) => set({ capabilities })}
        error={fieldError(error, "capabilities")}
      />
      <PinField member={member} pin={draft.pin} set={(pin) => set({ pin })} error={fieldError(error, "pin")} />
      {member && (
        <Choice
          label={t(MEMBERS.duty)}
          error={fieldError(error, "duty")}
          value={draft.duty}
          options={(["on", "break", "off"] as const).map((duty) => [duty, t(DUTY[duty])])}
          choose={(duty) => set({ duty: duty as Draft["duty"] })}
        />
      )}
      <label class="setup__check">
        <input
          type="checkbox"
          checked={draft.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        {t(MEMBERS.active)}
      </label>
    </>
  );
}

interface ChoiceProps {
  label: string;
  error: string | undefined;
  value: string;
  options: [string, string][];
  choose: (value: string) => void;
}

function Choice({ label, error, value, options, choose }: ChoiceProps) {
  return (
    <Field label={label} error={error}>
      {(input) => (
        <select {...input} value={value} onChange={(event) => choose(event.currentTarget.value)}>
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const PIN_DIGITS = 6;

interface PinProps {
  member: Member | null;
  pin: string;
  set: (pin: string) => void;
  error: string | undefined;
}

function PinField({ member, pin, set, error }: PinProps) {
  const known = member?.has_pin;
  return (
    <div class="setup__beside">
      <TextField
        label={t(known ? MEMBERS.newPin : MEMBERS.pin)}
        hint={t(known ? MEMBERS.newPinHint : MEMBERS.pinHint)}
        error={error}
        class="setup__number"
        inputMode="numeric"
        autocomplete="off"
        maxLength={12}
        value={pin}
        onText={(text) => set(text.trim())}
      />
      <button type="button" class="button" onClick={() => set(chancePin())}>
        {t(MEMBERS.makePin)}
      </button>
    </div>
  );
}

function chancePin(): string {
  return [...crypto.getRandomValues(new Uint32Array(PIN_DIGITS))].map((number) => number % 10).join("");
}
