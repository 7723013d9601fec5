/** Result forms: from a kind's JSON Schema to fields that people fill in, and from what they filled in to a result that fits. */

import type { Text } from "../texts/language.ts";
import { parseNumber, shown } from "./number.ts";

export type Schema = Readonly<Record<string, unknown>>;
export type Scalar = string | number | boolean;
export type Result = Record<string, unknown>;

/** What a person has entered so far: numbers as typed, choices as chosen. It can be kept as JSON. */
export type Draft = Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>;

export interface Option {
  readonly value: Scalar;
  readonly label: Text;
}

interface Named {
  readonly name: string;
  readonly label: Text;
  readonly required: boolean;
}

export interface NumberField extends Named {
  readonly shape: "number";
  readonly least: number | undefined;
  readonly most: number | undefined;
  /** Values are multiples of it; 0: any number will do. */
  readonly step: number;
  /** A value beyond these is asked for twice. */
  readonly usual: { readonly least: number | undefined; readonly most: number | undefined };
}

export interface ChoiceField extends Named {
  readonly shape: "choice";
  readonly options: readonly Option[];
}

export interface SeveralField extends Named {
  readonly shape: "several";
  readonly options: readonly Option[];
  readonly fewest: number;
  readonly mostChosen: number;
}

export interface TextField extends Named {
  readonly shape: "text";
  readonly shortest: number;
  readonly longest: number;
}

/** `other` is a shape that this page does not know: it is answered in words, which go into the note. */
export interface PlainField extends Named {
  readonly shape: "yesno" | "date" | "other";
}

export type FormField = NumberField | ChoiceField | SeveralField | TextField | PlainField;

const LONGEST_TEXT = 2000;

/** The fields of a form, in its order. A property of an unknown shape becomes an `other`. */
export function fieldsOf(schema: Schema): FormField[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const properties = isSchema(schema.properties) ? schema.properties : {};
  return inOrder(Object.keys(properties), schema["x-order"]).map((name) => {
    const resolved = resolve(properties[name], schema);
    const named = { name, label: titleOf(resolved, name), required: required.has(name) };
    return shaped(resolved, schema, named);
  });
}

/** As the form's author ordered them; those that the order leaves out come last. */
function inOrder(names: readonly string[], order: unknown): string[] {
  const first = Array.isArray(order) ? order.filter((name) => names.includes(name)) : [];
  return [...new Set<string>([...first, ...names])];
}

function shaped(part: Schema, root: Schema, named: Named): FormField {
  const options = optionsOf(part);
  if (options) return { ...named, shape: "choice", options };
  const type = Array.isArray(part.type) ? part.type.filter((one) => one !== "null") : [part.type];
  if (type.length !== 1 || COMBINED.some((word) => word in part)) return { ...named, shape: "other" };
  switch (type[0]) {
    case "boolean":
      return { ...named, shape: "yesno" };
    case "number":
    case "integer":
      return numberField(part, named, type[0] === "integer");
    case "string":
      return stringField(part, named);
    case "array":
      return severalField(part, root, named);
    default:
      return { ...named, shape: "other" };
  }
}

/** Rules that this page does not follow: what has one of them is answered in words. */
const COMBINED = ["anyOf", "oneOf", "allOf", "not", "if", "const", "enum", "contains", "prefixItems"];

function numberField(part: Schema, named: Named, whole: boolean): FormField {
  const asked = numeric(part.multipleOf) ?? 0;
  const step = whole ? wholeStep(asked) : asked;
  if (step === undefined || String(step).includes("e") || "exclusiveMinimum" in part || "exclusiveMaximum" in part)
    return { ...named, shape: "other" };
  const usual = isSchema(part["x-usual"]) ? part["x-usual"] : {};
  return {
    ...named,
    shape: "number",
    least: numeric(part.minimum),
    most: numeric(part.maximum),
    step,
    usual: { least: numeric(usual.minimum), most: numeric(usual.maximum) },
  };
}

/** Whole numbers that are multiples of `asked`; undefined where they are no simple steps. */
function wholeStep(asked: number): number | undefined {
  if (Number.isInteger(asked)) return asked || 1;
  return Number.isInteger(1 / asked) ? 1 : undefined;
}

function stringField(part: Schema, named: Named): FormField {
  if (part.format === "date") return { ...named, shape: "date" };
  if (part.format !== undefined || part.pattern !== undefined) return { ...named, shape: "other" };
  const longest = Math.min(numeric(part.maxLength) ?? LONGEST_TEXT, LONGEST_TEXT);
  return { ...named, shape: "text", shortest: Math.max(1, numeric(part.minLength) ?? 0), longest };
}

function severalField(part: Schema, root: Schema, named: Named): FormField {
  const options = optionsOf(resolve(part.items, root));
  if (!options) return { ...named, shape: "other" };
  const mostChosen = Math.min(numeric(part.maxItems) ?? options.length, options.length);
  return { ...named, shape: "several", options, fewest: Math.max(1, numeric(part.minItems) ?? 0), mostChosen };
}

/** The options of an `enum`, or of a `oneOf`/`anyOf` of titled constants; undefined where it is neither. */
function optionsOf(part: Schema): Option[] | undefined {
  const branches = Array.isArray(part.oneOf) ? part.oneOf : Array.isArray(part.anyOf) ? part.anyOf : undefined;
  if (branches?.length && branches.every((one) => isSchema(one) && isScalar(one.const)))
    return branches.map((one) => ({ value: one.const, label: titleOf(one, String(one.const)) }));
  const listed = Array.isArray(part.enum) ? part.enum.filter((value) => value !== null) : undefined;
  if (!listed?.length || !listed.every(isScalar)) return undefined;
  const en = isSchema(part["x-labels"]) ? part["x-labels"] : {};
  const zh = isSchema(part["x-labels-zh"]) ? part["x-labels-zh"] : {};
  return [...new Set(listed)].map((value) => {
    const plain = String(en[String(value)] ?? inWords(String(value)));
    return { value, label: { en: plain, zh: String(zh[String(value)] ?? plain) } };
  });
}

function titleOf(part: Schema, name: string): Text {
  const en = typeof part.title === "string" && part.title ? part.title : inWords(name);
  return { en, zh: typeof part["x-title-zh"] === "string" ? part["x-title-zh"] : en };
}

function inWords(code: string): string {
  const words = code.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The schema itself, or what it refers to in the form's own `$defs`; the reference's own words (a title) win. */
function resolve(part: unknown, root: Schema): Schema {
  if (!isSchema(part)) return {};
  if (typeof part.$ref !== "string") return part;
  const defs = isSchema(root.$defs) ? root.$defs : {};
  const meant = defs[part.$ref.replace("#/$defs/", "")];
  const { $ref: _, ...own } = part;
  return isSchema(meant) && meant.$ref === undefined ? { ...meant, ...own } : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value);
}

function numeric(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** What is wrong with a field; a sentence of `texts/forms.ts` says it. */
export type Wrong =
  | { readonly why: "missing" | "no_number" | "no_date" | "not_an_option" }
  | { readonly why: "between" | "too_short" | "too_long" | "few" | "many"; readonly low: string; readonly high: string }
  | { readonly why: "step"; readonly step: string };

export interface Checked {
  /** What can be sent: every field that is filled in and right. It fits the form where nothing is `wrong`. */
  readonly result: Result;
  readonly wrong: Readonly<Record<string, Wrong>>;
  /** Values that are possible but rare, to be asked for twice. */
  readonly unusual: readonly { readonly field: NumberField; readonly value: number }[];
  /** What was said in fields of unknown shape: `name: words`, a line each. */
  readonly words: string;
}

/** Judges a draft by the fields of its form. */
export function check(fields: readonly FormField[], draft: Draft): Checked {
  const result: Result = {};
  const wrong: Record<string, Wrong> = {};
  const unusual: { field: NumberField; value: number }[] = [];
  const words: string[] = [];
  for (const field of fields) {
    const given = Object.hasOwn(draft, field.name) ? draft[field.name] : undefined;
    if (isEmpty(given)) {
      if (field.required && field.shape !== "other") wrong[field.name] = { why: "missing" };
    } else if (field.shape === "other") {
      words.push(`${field.name}: ${String(given).trim()}`);
    } else {
      const read = readAs(field, given);
      if ("why" in read) wrong[field.name] = read;
      else result[field.name] = read.value;
      if (field.shape === "number" && "value" in read && isUnusual(field, read.value as number))
        unusual.push({ field, value: read.value as number });
    }
  }
  return { result, wrong, unusual, words: words.join("\n") };
}

/** A result as a draft of its form, to be corrected. What the form does not know is left out. */
export function draftOf(fields: readonly FormField[], result: Result): Draft {
  const known = fields.filter((field) => field.shape !== "other" && result[field.name] !== undefined);
  return Object.fromEntries(known.map((field) => [field.name, asEntered(field, result[field.name])]));
}

function asEntered(field: FormField, value: unknown): Draft[string] {
  if (field.shape === "number" && typeof value === "number") return field.step ? shown(field, value) : String(value);
  return Array.isArray(value) ? value.filter(isScalar) : isScalar(value) ? value : undefined;
}

export function isUnusual(field: NumberField, value: number): boolean {
  return value < (field.usual.least ?? value) || value > (field.usual.most ?? value);
}

type Given = Scalar | readonly Scalar[];

function isEmpty(given: Given | undefined): given is undefined {
  return (
    given === undefined || (typeof given === "string" ? given.trim() === "" : Array.isArray(given) && !given.length)
  );
}

function readAs(field: FormField, given: Given): { value: unknown } | Wrong {
  switch (field.shape) {
    case "number":
      return parseNumber(field, String(given));
    case "choice":
      return field.options.some(({ value }) => value === given) ? { value: given } : { why: "not_an_option" };
    case "several":
      return chosen(field, given);
    case "yesno":
      return typeof given === "boolean" ? { value: given } : { why: "not_an_option" };
    case "date":
      return isDate(String(given)) ? { value: String(given) } : { why: "no_date" };
    default:
      return written(field as TextField, String(given).trim());
  }
}

/** In the form's order, whatever the order of choosing. */
function chosen(field: SeveralField, given: Given): { value: unknown } | Wrong {
  const picked = Array.isArray(given) ? given : [given];
  const value = field.options.filter((option) => picked.includes(option.value)).map((option) => option.value);
  if (value.length < new Set(picked).size) return { why: "not_an_option" };
  const [low, high] = [String(field.fewest), String(field.mostChosen)];
  if (value.length < field.fewest) return { why: "few", low, high };
  return value.length > field.mostChosen ? { why: "many", low, high } : { value };
}

function written(field: TextField, value: string): { value: unknown } | Wrong {
  const [low, high] = [String(field.shortest), String(field.longest)];
  const length = [...value].length;
  if (length < field.shortest) return { why: "too_short", low, high };
  return length > field.longest ? { why: "too_long", low, high } : { value };
}

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
