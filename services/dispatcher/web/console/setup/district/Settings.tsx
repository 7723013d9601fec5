import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { DISTRICT, SETTINGS, type SettingText, UNKNOWN_SETTING } from "../../../texts/console-district.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { say } from "../../../ui/toasts.tsx";
import { loadDistricts } from "../../load.ts";
import type { District } from "../../model.ts";
import { useSending } from "../asked.ts";

type Written = Readonly<Record<string, string>>;

/** The numbers that the district lives with, each with what it means and its unit. Only what was changed is sent. */
export function Settings({ district }: { district: District }) {
  const [changed, setChanged] = useState<Written>({});
  const sending = useSending();
  const known = district.settings;
  const value = (name: string) => changed[name] ?? String(known[name] ?? "");
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.run(async () => {
      const settings = Object.fromEntries(
        Object.entries(changed).map(([name, written]) => [name, written === "" ? null : Number(written)]),
      );
      const params = { path: { id: district.id } };
      await answered(api.PATCH("/v1/districts/{id}", { params, body: { settings } }));
      await loadDistricts();
      setChanged({});
      say(t(SETUP.saved), "good");
    });
  };
  const named = new Set(SETTINGS.flatMap(({ items }) => Object.keys(items)));
  const others = Object.fromEntries(
    Object.keys(known).flatMap((name) => (named.has(name) ? [] : [[name, UNKNOWN_SETTING]])),
  );
  const shown = Object.keys(known).map((name) => `settings.${name}`);
  return (
    <form class="panel stack" onSubmit={submit}>
      <h2>{t(DISTRICT.settings)}</h2>
      <p class="setup__quiet">{t(DISTRICT.changedOnly)}</p>
      {[...SETTINGS, { heading: DISTRICT.settings, items: others }].map(
        ({ heading, items }) =>
          Object.keys(items).length > 0 && (
            <fieldset key={heading.en} class="setup__set">
              <legend class="setup__legend">{t(heading)}</legend>
              <div class="setup__many">
                {Object.entries(items).map(([name, text]) => (
                  <Setting
                    key={name}
                    name={name}
                    text={text}
                    value={value(name)}
                    set={(written) => setChanged({ ...changed, [name]: written })}
                    error={fieldError(sending.error, `settings.${name}`)}
                  />
                ))}
              </div>
            </fieldset>
          ),
      )}
      <ProblemNote error={sending.error} shown={shown} />
      <div class="setup__end">
        <button
          type="submit"
          class="button button--primary"
          disabled={sending.busy || Object.keys(changed).length === 0}
        >
          {t(SETUP.save)}
        </button>
      </div>
    </form>
  );
}

interface SettingProps {
  name: string;
  text: SettingText;
  value: string;
  set: (written: string) => void;
  error: string | undefined;
}

function Setting({ name, text, value, set, error }: SettingProps) {
  const unit = t(text.unit);
  return (
    <Field label={`${t(text.label) || name}${unit && ` (${unit})`}`} hint={t(text.hint) || undefined} error={error}>
      {(input) => (
        <input
          {...input}
          class="setup__number"
          type="number"
          step="any"
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
