/** What a visit recorded, by the titles of the form it was recorded in. */

import { type FormField, fieldsOf, type Schema } from "../../forms/schema.ts";
import { HISTORY } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { listed } from "./words.ts";

export interface Line {
  readonly label: string;
  readonly value: string;
}

/** In the form's order; what the form does not name stands last, under its own name. Without a form everything does. */
export function linesOf(result: Readonly<Record<string, unknown>>, form: Schema | null): Line[] {
  const fields = form ? fieldsOf(form) : [];
  const named = fields.filter((field) => field.name in result);
  const known = new Set(named.map((field) => field.name));
  return [
    ...named.map((field) => ({ label: t(field.label), value: saidOf(result[field.name], field) })),
    ...Object.entries(result)
      .filter(([name]) => !known.has(name))
      .map(([name, value]) => ({ label: name.replaceAll("_", " "), value: saidOf(value) })),
  ];
}

function saidOf(value: unknown, field?: FormField): string {
  if (typeof value === "boolean") return t(value ? HISTORY.yes : HISTORY.no);
  if (Array.isArray(value)) return value.length ? listed(value.map((one) => saidOf(one, field))) : "–";
  const options = field && "options" in field ? field.options : [];
  const option = options.find((one) => one.value === value);
  if (option) return t(option.label);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "–");
}
