import { useId } from "preact/hooks";
import { NO, YES } from "../texts/forms.ts";
import { t } from "../texts/language.ts";
import type { ChoiceField, Draft, FormField, Option, Scalar, SeveralField } from "./schema.ts";

/** More options than this are a list to open instead of chips. */
const MOST_CHIPS = 6;

interface Props<T extends FormField> {
  field: T;
  value: Draft[string];
  onChange: (value: Draft[string]) => void;
}

export function Choice({ field, value, onChange }: Props<ChoiceField>) {
  if (field.options.length > MOST_CHIPS) return <List field={field} value={value} onChange={onChange} />;
  return <Radios options={field.options} value={value} required={field.required} onChange={onChange} />;
}

export function YesNo({ field, value, onChange }: Props<FormField>) {
  const options = [
    { value: true, label: YES },
    { value: false, label: NO },
  ];
  return <Radios options={options} value={value} required={field.required} onChange={onChange} />;
}

export function Several({ field, value, onChange }: Props<SeveralField>) {
  const picked: readonly Scalar[] = Array.isArray(value) ? value : [];
  const turn = (one: Scalar) =>
    onChange(picked.includes(one) ? picked.filter((other) => other !== one) : [...picked, one]);
  return (
    <div class="form__chips">
      {field.options.map((option) => (
        <label key={String(option.value)} class="chip form__chip">
          <input
            type="checkbox"
            class="form__tick"
            checked={picked.includes(option.value)}
            onChange={() => turn(option.value)}
          />
          {t(option.label)}
        </label>
      ))}
    </div>
  );
}

interface RadiosProps {
  options: readonly Option[];
  value: Draft[string];
  required: boolean;
  onChange: (value: Draft[string]) => void;
}

/** One of a few. What is not required can be tapped away again. */
function Radios({ options, value, required, onChange }: RadiosProps) {
  const group = useId();
  return (
    <div class="form__chips">
      {options.map((option) => (
        <label key={String(option.value)} class="chip form__chip">
          <input
            type="radio"
            class="form__tick"
            name={group}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
            onClick={() => !required && value === option.value && onChange(undefined)}
          />
          {t(option.label)}
        </label>
      ))}
    </div>
  );
}

function List({ field, value, onChange }: Props<ChoiceField>) {
  const chosen = field.options.findIndex((option) => option.value === value);
  return (
    <select
      class="form__list"
      aria-label={t(field.label)}
      value={String(chosen)}
      onChange={(event) => onChange(field.options[Number(event.currentTarget.value)]?.value)}
    >
      <option value="-1">–</option>
      {field.options.map((option, index) => (
        <option key={String(option.value)} value={String(index)}>
          {t(option.label)}
        </option>
      ))}
    </select>
  );
}
