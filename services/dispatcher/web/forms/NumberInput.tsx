import { LESS, MORE, NOT_MEASURED, QUICK } from "../texts/forms.ts";
import { t } from "../texts/language.ts";
import { MinusIcon, PlusIcon } from "../ui/icons.tsx";
import { parseNumber, shown, stepped } from "./number.ts";
import type { NumberField } from "./schema.ts";
import { typicalOf } from "./typical.ts";
import { useHeld } from "./useHeld.ts";

interface Props {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
  field: NumberField;
  value: string;
  onChange: (value: string) => void;
}

/** A stepper around a number that can also be typed. The start it shows in grey is no value until it is tapped or stepped from. */
export function NumberInput({ field, value, onChange, ...input }: Props) {
  const { start, quick } = typicalOf(field);
  const step = (direction: 1 | -1) => onChange(stepped(field, value, start, direction));
  const less = useHeld(() => step(-1));
  const more = useHeld(() => step(1));
  const label = { label: t(field.label) };
  return (
    <div class="number">
      {quick.length > 0 && (
        <div class="number__quick" role="group" aria-label={t(QUICK, label)}>
          {quick.map((one) => (
            <button
              key={one}
              type="button"
              class="chip number__chip"
              aria-pressed={value === shown(field, one)}
              onClick={() => onChange(shown(field, one))}
            >
              {shown(field, one)}
            </button>
          ))}
        </div>
      )}
      <div class="number__stepper">
        <button type="button" class="button number__step" aria-label={t(LESS, label)} {...less}>
          <MinusIcon />
        </button>
        <input
          {...input}
          class="number__value"
          inputMode="decimal"
          autocomplete="off"
          enterkeyhint="done"
          maxLength={12}
          placeholder={quick.length ? shown(field, start) : "–"}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
          onBlur={() => onChange(tidied(field, value))}
        />
        <button type="button" class="button number__step" aria-label={t(MORE, label)} {...more}>
          <PlusIcon />
        </button>
      </div>
      {!value && quick.length > 0 && <p class="number__none">{t(NOT_MEASURED)}</p>}
    </div>
  );
}

/** What was typed, as it is understood: `366` becomes `36.6`. What is wrong stays as it is. */
function tidied(field: NumberField, typed: string): string {
  const read = parseNumber(field, typed);
  return "value" in read ? (field.step ? shown(field, read.value) : String(read.value)) : typed;
}
