/** A result in one line: `36.6 °C · Forehead · Cough, Tired`. */

import { shown } from "../../forms/number.ts";
import { type FormField, fieldsOf, type Result } from "../../forms/schema.ts";
import { NO, YES } from "../../texts/forms.ts";
import { labelled, listed, t } from "../../texts/language.ts";
import type { PhoneForm } from "./findings.ts";

export function resultWords(form: PhoneForm | undefined, result: Result): string {
  const fields = form ? fieldsOf(form.schema) : [];
  return fields
    .filter((field) => Object.hasOwn(result, field.name))
    .map((field) => words(field, result[field.name]))
    .filter(Boolean)
    .join(" · ");
}

function words(field: FormField, value: unknown): string {
  switch (field.shape) {
    case "number":
      return `${t(field.label)} ${field.step ? shown(field, Number(value)) : String(value)}`;
    case "yesno":
      return labelled(t(field.label), t(value ? YES : NO));
    case "choice":
    case "several":
      return listed(
        field.options
          .filter((option) => (Array.isArray(value) ? value : [value]).includes(option.value))
          .map((option) => t(option.label)),
      );
    default:
      return String(value);
  }
}
