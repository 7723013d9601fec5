import { KINDS } from "../../../texts/console-kinds.ts";
import { t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import type { District } from "../../model.ts";
import { CapabilityChoice } from "../CapabilityChoice.tsx";
import { roleName } from "../names.ts";
import { AfterVisit } from "./AfterVisit.tsx";
import { Chips } from "./Chips.tsx";
import { Duration } from "./Duration.tsx";
import type { Draft } from "./draft.ts";

export interface KindFieldsProps {
  district: District;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: unknown;
}

export function KindFields({ district, draft, set, error }: KindFieldsProps) {
  return (
    <div class="stack">
      <Names draft={draft} set={set} error={error} />
      <Times draft={draft} set={set} error={error} />
      <Marks draft={draft} set={set} error={error} />
      <Chips
        legend={t(KINDS.roles)}
        hint={t(KINDS.rolesHint)}
        options={[...new Set([...district.slots, ...draft.required_roles])].map((role) => [role, roleName(role)])}
        chosen={draft.required_roles}
        choose={(required_roles) => set({ required_roles })}
        error={fieldError(error, "required_roles")}
      />
      <CapabilityChoice
        hint={t(KINDS.capabilitiesHint)}
        chosen={draft.required_capabilities}
        choose={(required_capabilities) => set({ required_capabilities })}
        error={fieldError(error, "required_capabilities")}
      />
      <AfterVisit district={district} draft={draft} set={set} error={error} />
      <label class="setup__check">
        <input
          type="checkbox"
          checked={draft.expires}
          onChange={(event) => set({ expires: event.currentTarget.checked })}
        />
        {t(KINDS.expires)}
      </label>
      <label class="setup__check">
        <input type="checkbox" checked={draft.suit} onChange={(event) => set({ suit: event.currentTarget.checked })} />
        {t(KINDS.suit)}
      </label>
      <label class="setup__check">
        <input
          type="checkbox"
          checked={draft.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        {t(KINDS.active)}
      </label>
    </div>
  );
}

type PartProps = Omit<KindFieldsProps, "district">;

function Names({ draft, set, error }: PartProps) {
  return (
    <div class="setup__pair">
      <TextField
        label={t(KINDS.nameZh)}
        error={fieldError(error, "names")}
        lang="zh-CN"
        maxLength={100}
        required={!draft.en}
        value={draft.zh}
        onText={(text) => set({ zh: text })}
      />
      <TextField
        label={t(KINDS.nameEn)}
        lang="en"
        maxLength={100}
        required={!draft.zh}
        value={draft.en}
        onText={(text) => set({ en: text })}
      />
      <TextField
        label={t(KINDS.code)}
        hint={t(KINDS.codeHint)}
        error={fieldError(error, "code")}
        class="setup__number"
        required
        maxLength={63}
        pattern="[a-z][a-z0-9_]*"
        title={t(KINDS.codeHint)}
        autocomplete="off"
        value={draft.code}
        onText={(text) => set({ code: text.trim() })}
      />
      <Field label={t(KINDS.channel)} error={fieldError(error, "channel")}>
        {(input) => (
          <select
            {...input}
            value={draft.channel}
            onChange={(event) => set({ channel: event.currentTarget.value as Draft["channel"] })}
          >
            <option value="visit">{t(KINDS.visit)}</option>
            <option value="phone">{t(KINDS.phone)}</option>
          </select>
        )}
      </Field>
    </div>
  );
}

function Times({ draft, set, error }: PartProps) {
  return (
    <div class="setup__pair">
      <Duration
        label={t(KINDS.service)}
        hint={t(KINDS.serviceHint)}
        seconds={draft.service_s}
        set={(service_s) => set({ service_s })}
        error={fieldError(error, "service_s")}
      />
      <div class="stack">
        {draft.due_after_s !== null && (
          <Duration
            label={t(KINDS.due)}
            hint={t(KINDS.dueHint)}
            seconds={draft.due_after_s}
            set={(due_after_s) => set({ due_after_s })}
            error={fieldError(error, "due_after_s")}
          />
        )}
        <label class="setup__check">
          <input
            type="checkbox"
            checked={draft.due_after_s === null}
            onChange={(event) => set({ due_after_s: event.currentTarget.checked ? null : 86_400 })}
          />
          {t(KINDS.endOfDay)}
        </label>
      </div>
      <Field label={t(KINDS.priority)} hint={t(KINDS.priorities)} error={fieldError(error, "priority")}>
        {(input) => (
          <select
            {...input}
            value={String(draft.priority)}
            onChange={(event) => set({ priority: Number(event.currentTarget.value) })}
          >
            {[1, 2, 3, 4, 5].map((one) => (
              <option key={one} value={String(one)}>
                {one}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t(KINDS.attempts)} hint={t(KINDS.attemptsHint)} error={fieldError(error, "max_attempts")}>
        {(input) => (
          <input
            {...input}
            type="number"
            required
            min={1}
            max={100}
            value={draft.max_attempts}
            onInput={(event) => set({ max_attempts: event.currentTarget.valueAsNumber || 1 })}
          />
        )}
      </Field>
      <Duration
        label={t(KINDS.retry)}
        hint={t(KINDS.retryHint)}
        seconds={draft.retry_after_s}
        set={(retry_after_s) => set({ retry_after_s })}
        error={fieldError(error, "retry_after_s")}
      />
    </div>
  );
}

/** What a visit is believed; what is beyond counts and is marked. */
function Marks({ draft, set, error }: PartProps) {
  const read = (input: HTMLInputElement) => (Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber);
  return (
    <>
      <label class="setup__check">
        <input
          type="checkbox"
          checked={draft.retry_elsewhen}
          onChange={(event) => set({ retry_elsewhen: event.currentTarget.checked })}
        />
        {t(KINDS.elsewhen)}
      </label>
      <div class="setup__pair">
        <Field label={t(KINDS.quick)} hint={t(KINDS.quickHint)} error={fieldError(error, "quick_s")}>
          {(input) => (
            <input
              {...input}
              type="number"
              min={1}
              max={86_400}
              value={draft.quick_s ?? ""}
              onChange={(event) => set({ quick_s: read(event.currentTarget) })}
            />
          )}
        </Field>
        <Field label={t(KINDS.far)} hint={t(KINDS.farHint)} error={fieldError(error, "far_m")}>
          {(input) => (
            <input
              {...input}
              type="number"
              min={1}
              max={1_000_000}
              value={draft.far_m ?? ""}
              onChange={(event) => set({ far_m: read(event.currentTarget) })}
            />
          )}
        </Field>
      </div>
    </>
  );
}
