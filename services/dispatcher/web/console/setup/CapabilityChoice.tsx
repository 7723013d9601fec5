import { useState } from "preact/hooks";
import { MEMBERS, SETUP } from "../../texts/console-setup.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { capabilityName, knownCapabilities } from "./names.ts";

interface CapabilityChoiceProps {
  hint: string;
  chosen: readonly string[];
  choose: (chosen: string[]) => void;
  error: string | undefined;
}

const CODE = /^[a-z][a-z0-9_]{0,31}$/;

/** Capabilities as chips; what the district does not know yet is written. */
export function CapabilityChoice({ hint, chosen, choose, error }: CapabilityChoiceProps) {
  const [other, setOther] = useState("");
  const add = () => {
    if (CODE.test(other)) choose([...new Set([...chosen, other])]);
    setOther("");
  };
  const toggle = (one: string) => choose(chosen.includes(one) ? chosen.filter((c) => c !== one) : [...chosen, one]);
  return (
    <fieldset class="setup__set">
      <legend class="field__label">{t(MEMBERS.capabilities)}</legend>
      <span class="field__hint">{hint}</span>
      <div class="row">
        {knownCapabilities(chosen).map((one) => (
          <button key={one} type="button" class="chip" aria-pressed={chosen.includes(one)} onClick={() => toggle(one)}>
            {capabilityName(one)}
          </button>
        ))}
      </div>
      <div class="setup__beside">
        <Field label={t(MEMBERS.otherCapability)} hint={t(MEMBERS.otherCapabilityHint)} error={error}>
          {(input) => (
            <input
              {...input}
              value={other}
              pattern={CODE.source}
              maxLength={32}
              onInput={(event) => setOther(event.currentTarget.value.trim())}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                add();
              }}
            />
          )}
        </Field>
        <button type="button" class="button" disabled={!CODE.test(other)} onClick={add}>
          {t(SETUP.add)}
        </button>
      </div>
    </fieldset>
  );
}
