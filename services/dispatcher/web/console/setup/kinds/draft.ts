/** A kind as its form has it, and what of it is sent. */

import type { Schemas } from "../../../api/client.ts";
import type { Schema } from "../../../forms/schema.ts";
import { firstWrong, type Place } from "./jsonPlace.ts";

export type KindOut = Schemas["KindOut"];

export interface Draft {
  code: string;
  en: string;
  zh: string;
  /** Names in other languages stay as they are. */
  otherNames: Readonly<Record<string, string>>;
  channel: KindOut["channel"];
  service_s: number;
  due_after_s: number | null;
  priority: number;
  required_roles: readonly string[];
  required_capabilities: readonly string[];
  max_attempts: number;
  retry_after_s: number;
  expires: boolean;
  follow_on: Readonly<Record<string, readonly string[]>>;
  active: boolean;
  /** The form as JSON text. */
  form: string;
}

/** The alert that Doorstep itself raises. */
export const FEVER = "fever";

export function newDraft(): Draft {
  return {
    code: "",
    en: "",
    zh: "",
    otherNames: {},
    channel: "visit",
    service_s: 300,
    due_after_s: 86_400,
    priority: 3,
    required_roles: [],
    required_capabilities: [],
    max_attempts: 3,
    retry_after_s: 7200,
    expires: false,
    follow_on: { [FEVER]: [] },
    active: true,
    form: pretty({ type: "object", properties: {} }),
  };
}

export function draftOf(kind: KindOut): Draft {
  const { en = "", zh = "", ...otherNames } = kind.names;
  const { id: _, district_id, names, form, form_version, form_versions, created_at, ...plain } = kind;
  return { ...plain, en, zh, otherNames, follow_on: { [FEVER]: [], ...kind.follow_on }, form: pretty(form as Schema) };
}

/** What is sent besides the form. */
export function changesOf({ en, zh, otherNames, form: _, follow_on, ...plain }: Draft) {
  const given = Object.entries({ zh: zh.trim(), en: en.trim() }).filter(([, name]) => name);
  return {
    ...plain,
    names: { ...otherNames, ...Object.fromEntries(given) },
    required_roles: [...plain.required_roles],
    required_capabilities: [...plain.required_capabilities],
    follow_on: Object.fromEntries(
      Object.entries(follow_on).flatMap(([alert, codes]) => (codes.length ? [[alert, [...codes]]] : [])),
    ),
  };
}

export interface FormRead {
  readonly schema: Schema | undefined;
  /** Where the text stops being JSON; or it is JSON and no object. */
  readonly wrong?: Place | "no_object";
}

/** The form that a text says. */
export function readForm(text: string): FormRead {
  const place = firstWrong(text);
  if (place) return { schema: undefined, wrong: place };
  const value: unknown = JSON.parse(text);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? { schema: value as Schema } : { schema: undefined, wrong: "no_object" };
}

export function pretty(form: Schema): string {
  return JSON.stringify(form, null, 2);
}
