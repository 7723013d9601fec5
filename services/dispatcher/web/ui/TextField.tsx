import type { InputHTMLAttributes } from "preact";
import { Field } from "./Field.tsx";

interface TextFieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  value: string | number;
  onText: (text: string) => void;
  type?: "date" | "datetime-local" | "number" | "password" | "search" | "tel" | "text" | "time" | undefined;
  name?: string;
  class?: string;
  lang?: string;
  title?: string;
  required?: boolean | undefined;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | "any" | undefined;
  maxLength?: number | undefined;
  pattern?: string;
  inputMode?: "decimal" | "numeric" | "tel";
  autocomplete?: string;
  autocapitalize?: "none";
}

/** A labelled input of one line. */
export function TextField({ label, hint, error, onText, type = "text", ...rest }: TextFieldProps) {
  const input = { type, ...rest } as InputHTMLAttributes; // a union by type, which a variable cannot be told apart in
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => <input {...input} {...described} onInput={(event) => onText(event.currentTarget.value)} />}
    </Field>
  );
}
