import { START } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { PlanSaid } from "./PlanSaid.tsx";
import { type Draft, dayAfter } from "./start.ts";
import type { Protocol } from "./useProtocols.ts";

interface WhenFieldsProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  protocols: readonly Protocol[];
  lacksProtocol: boolean;
  error: unknown;
}

/** By which protocol, and from when until when. */
export function WhenFields({ draft, set, protocols, lacksProtocol, error }: WhenFieldsProps) {
  const offered = protocols.filter(({ active }) => active);
  const chosen = offered.find(({ code }) => code === draft.protocol);
  const last = chosen ? dayAfter(draft.first_day, chosen.days - 1) : "";
  return (
    <>
      <Field
        label={t(START.protocol)}
        hint={offered.length === 0 ? t(START.noProtocols) : undefined}
        error={lacksProtocol ? t(START.needProtocol) : fieldError(error, "protocol")}
      >
        {(input) => (
          <select {...input} value={draft.protocol} onChange={(event) => set({ protocol: event.currentTarget.value })}>
            <option value="">{t(START.choose)}</option>
            {offered.map(({ code, names }) => (
              <option key={code} value={code}>
                {named(names)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {chosen && <PlanSaid lines={chosen.lines} />}
      <div class="setup__pair">
        <TextField
          label={t(START.firstDay)}
          error={fieldError(error, "first_day")}
          type="date"
          value={draft.first_day}
          onText={(first_day) => set({ first_day })}
        />
        <TextField
          label={t(START.lastDay)}
          error={fieldError(error, "last_day")}
          type="date"
          value={draft.last_day || last}
          onText={(written) => set({ last_day: written === last ? "" : written })}
        />
      </div>
    </>
  );
}
