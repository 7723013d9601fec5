import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { DISTRICT } from "../../../texts/console-district.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import { loadDistricts } from "../../load.ts";
import type { District } from "../../model.ts";
import { useSending } from "../asked.ts";
import { roleName } from "../names.ts";

type Draft = Pick<District, "name" | "code" | "time_zone" | "slots">;

/** Name, code, time zone and slots. */
export function About({ district }: { district: District }) {
  const { name, code, time_zone, slots } = district;
  const [draft, setDraft] = useState<Draft>({ name, code, time_zone, slots });
  const sending = useSending();
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.run(async () => {
      await answered(api.PATCH("/v1/districts/{id}", { params: { path: { id: district.id } }, body: draft }));
      await loadDistricts();
      say(t(SETUP.saved), "good");
    });
  };
  return (
    <form class="panel stack" onSubmit={submit}>
      <h2>{t(DISTRICT.about)}</h2>
      <DistrictFields draft={draft} set={set} error={sending.error} />
      <Slots slots={draft.slots} set={(slots) => set({ slots })} error={fieldError(sending.error, "slots")} />
      <ProblemNote error={sending.error} shown={["name", "code", "time_zone", "slots"]} />
      <div class="setup__end">
        <button type="submit" class="button button--primary" disabled={sending.busy}>
          {t(SETUP.save)}
        </button>
      </div>
    </form>
  );
}

interface FieldsProps {
  draft: Omit<Draft, "slots">;
  set: (change: Partial<Draft>) => void;
  error: unknown;
}

export function DistrictFields({ draft, set, error }: FieldsProps) {
  return (
    <div class="setup__three">
      <TextField
        label={t(DISTRICT.name)}
        error={fieldError(error, "name")}
        required
        maxLength={200}
        value={draft.name}
        onText={(text) => set({ name: text })}
      />
      <TextField
        label={t(DISTRICT.code)}
        hint={t(DISTRICT.codeHint)}
        error={fieldError(error, "code")}
        required
        maxLength={63}
        pattern="[a-z0-9][a-z0-9_\-]*"
        title={t(DISTRICT.codeHint)}
        value={draft.code}
        onText={(text) => set({ code: text.trim() })}
      />
      <Field label={t(DISTRICT.zone)} hint={t(DISTRICT.zoneHint)} error={fieldError(error, "time_zone")}>
        {(input) => (
          <>
            <input
              {...input}
              required
              list="time-zones"
              value={draft.time_zone}
              onInput={(event) => set({ time_zone: event.currentTarget.value.trim() })}
            />
            <datalist id="time-zones">
              {Intl.supportedValuesOf("timeZone").map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </div>
  );
}

const ROLE_CODE = /^[a-z][a-z0-9_]{0,31}$/;

interface SlotsProps {
  slots: readonly string[];
  set: (slots: string[]) => void;
  error: string | undefined;
}

function Slots({ slots, set, error }: SlotsProps) {
  const [other, setOther] = useState("");
  const add = () => {
    set([...new Set([...slots, other])]);
    setOther("");
  };
  return (
    <fieldset class="setup__set">
      <legend class="field__label">{t(DISTRICT.slots)}</legend>
      <span class="field__hint">{t(DISTRICT.slotsHint)}</span>
      <ul class="row setup__plain">
        {slots.map((role) => (
          <li key={role} class="badge setup__slot">
            {roleName(role)}
            <button
              type="button"
              class="button button--quiet button--icon"
              aria-label={t(DISTRICT.removeSlot, { role: roleName(role) })}
              disabled={slots.length === 1}
              onClick={() => set(slots.filter((one) => one !== role))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <div class="setup__beside">
        <TextField
          label={t(DISTRICT.addSlot)}
          error={error}
          value={other}
          maxLength={32}
          pattern={ROLE_CODE.source}
          onText={(text) => setOther(text.trim())}
        />
        <button type="button" class="button" disabled={!ROLE_CODE.test(other)} onClick={add}>
          {t(SETUP.add)}
        </button>
      </div>
    </fieldset>
  );
}
