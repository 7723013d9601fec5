import { useState } from "preact/hooks";
import { EDIT, NEW, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { teams } from "../model.ts";
import { knownCapabilities } from "../setup/names.ts";
import { capabilityName } from "./words.ts";

const CODE = /^[a-z][a-z0-9_]{0,31}$/;

interface NeedsFieldProps {
  /** What the kind asks for anyway. */
  own: readonly string[];
  needs: readonly string[];
  onNeeds: (needs: string[]) => void;
}

/** Capabilities that the visit needs: those that somebody has or a kind asks for, and any other code. */
export function NeedsField({ own, needs, onNeeds }: NeedsFieldProps) {
  const [code, setCode] = useState("");
  const [bad, setBad] = useState(false);
  const offered = [...new Set([...knownNeeds(), ...needs])].filter((one) => !own.includes(one)).sort();
  const toggle = (one: string) =>
    onNeeds(needs.includes(one) ? needs.filter((other) => other !== one) : [...needs, one]);
  const add = () => {
    const wanted = code.trim();
    setBad(!CODE.test(wanted));
    if (!CODE.test(wanted)) return;
    if (!needs.includes(wanted)) onNeeds([...needs, wanted]);
    setCode("");
  };
  return (
    <fieldset class="task__choices">
      <legend>{t(TASK.needs)}</legend>
      {own.map((one) => (
        <span key={one} class="badge" title={t(EDIT.kindNeeds)}>
          {capabilityName(one)}
        </span>
      ))}
      {offered.map((one) => (
        <button type="button" key={one} class="chip" aria-pressed={needs.includes(one)} onClick={() => toggle(one)}>
          {capabilityName(one)}
        </button>
      ))}
      <span class="field task__code">
        <input
          aria-label={t(NEW.addNeed)}
          placeholder={t(NEW.otherNeed)}
          aria-invalid={bad}
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
        />
      </span>
      {code && (
        <button type="button" class="button" onClick={add}>
          {t(NEW.add)}
        </button>
      )}
      {bad && <span class="field__error">{t(NEW.badNeed)}</span>}
    </fieldset>
  );
}

function knownNeeds(): string[] {
  const had = [...teams.value.values()].flatMap((team) => team.members.flatMap((member) => member.capabilities));
  return knownCapabilities(had);
}
