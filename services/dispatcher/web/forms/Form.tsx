import "./forms.css";
import { useId } from "preact/hooks";
import { IN_WORDS, REQUIRED } from "../texts/forms.ts";
import { t } from "../texts/language.ts";
import { Field } from "../ui/Field.tsx";
import { Choice, Several, YesNo } from "./Choices.tsx";
import { NumberInput } from "./NumberInput.tsx";
import type { Draft, FormField, Wrong } from "./schema.ts";
import { sentence } from "./wording.ts";

type Value = Draft[string];

interface FormProps {
  fields: readonly FormField[];
  draft: Draft;
  /** What to complain of, by the field's name. */
  wrong: Readonly<Record<string, Wrong>>;
  /** Said beside a field, by its name: "as last time". */
  hints?: Readonly<Record<string, string>>;
  onChange: (draft: Draft) => void;
}

/** A kind's result form. It keeps nothing itself: the draft is its caller's. */
export function Form({ fields, draft, wrong, hints = {}, onChange }: FormProps) {
  return (
    <div class="form">
      {fields.map((field) => (
        <FormRow
          key={field.name}
          field={field}
          value={draft[field.name]}
          wrong={wrong[field.name]}
          hint={hints[field.name]}
          onChange={(value) => onChange({ ...draft, [field.name]: value })}
        />
      ))}
    </div>
  );
}

interface RowProps {
  field: FormField;
  value: Value;
  wrong: Wrong | undefined;
  hint: string | undefined;
  onChange: (value: Value) => void;
}

function FormRow(props: RowProps) {
  const { field, wrong } = props;
  const error = wrong && sentence(wrong);
  const shape = field.shape;
  return shape === "text" || shape === "date" || shape === "other" || shape === "number" ? (
    <Written {...props} error={error} />
  ) : (
    <Chosen {...props} error={error} />
  );
}

interface Judged extends RowProps {
  error: string | undefined;
}

function Written({ field, value, hint, error, onChange }: Judged) {
  const text = typeof value === "string" ? value : "";
  const entered = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
    onChange(event.currentTarget.value);
  return (
    <div class="form__row" data-field={field.name}>
      <Field label={labelOf(field)} hint={field.shape === "other" ? t(IN_WORDS) : hint} error={error}>
        {(input) => {
          if (field.shape === "number")
            return <NumberInput {...input} field={field} value={text} onChange={onChange} />;
          if (field.shape === "date") return <input {...input} type="date" value={text} onInput={entered} />;
          if (field.shape === "text" && field.longest > 100)
            return <textarea {...input} rows={2} maxLength={field.longest} value={text} onInput={entered} />;
          return <input {...input} type="text" autocomplete="off" value={text} onInput={entered} />;
        }}
      </Field>
    </div>
  );
}

function Chosen({ field, value, hint, error, onChange }: Judged) {
  const id = useId();
  return (
    <fieldset class="form__row form__choice" data-field={field.name} aria-describedby={error && id}>
      <legend class="field__label">
        {labelOf(field)} {hint && <span class="field__hint">{hint}</span>}
      </legend>
      {field.shape === "choice" && <Choice field={field} value={value} onChange={onChange} />}
      {field.shape === "several" && <Several field={field} value={value} onChange={onChange} />}
      {field.shape === "yesno" && <YesNo field={field} value={value} onChange={onChange} />}
      {error && (
        <p class="field__error" id={id}>
          {error}
        </p>
      )}
    </fieldset>
  );
}

function labelOf(field: FormField): string {
  return field.required ? t(REQUIRED, { label: t(field.label) }) : t(field.label);
}
