import { useState } from "preact/hooks";
import { KINDS } from "../../../texts/console-kinds.ts";
import { t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";

interface DurationProps {
  label: string;
  hint: string;
  seconds: number;
  set: (seconds: number) => void;
  error: string | undefined;
}

const UNITS = [
  { unit: "days", s: 86_400, text: KINDS.unit_days },
  { unit: "hours", s: 3_600, text: KINDS.unit_hours },
  { unit: "minutes", s: 60, text: KINDS.unit_minutes },
] as const;

/** A length of time with its unit: at first the largest one that needs no fraction. */
export function Duration({ label, hint, seconds, set, error }: DurationProps) {
  const [unit, setUnit] = useState(() => (UNITS.find(({ s }) => seconds >= s && seconds % s === 0) ?? UNITS[2]).unit);
  const { s } = UNITS.find((one) => one.unit === unit) ?? UNITS[2];
  return (
    <Field label={label} hint={hint} error={error}>
      {(input) => (
        <span class="setup__measure">
          <input
            {...input}
            type="number"
            required
            min={0}
            step="any"
            value={Math.round((seconds / s) * 100) / 100}
            onChange={(event) => set(Math.round((event.currentTarget.valueAsNumber || 0) * s))}
          />
          <select
            aria-label={t(KINDS.unit, { name: label })}
            value={unit}
            onChange={(event) => {
              const next = UNITS.find((one) => one.unit === event.currentTarget.value) ?? UNITS[2];
              setUnit(next.unit);
              set(Math.round((seconds / s) * next.s));
            }}
          >
            {UNITS.toReversed().map((one) => (
              <option key={one.unit} value={one.unit}>
                {t(one.text)}
              </option>
            ))}
          </select>
        </span>
      )}
    </Field>
  );
}
