/** A kind as its form has it, and what of it is sent. */

import type { Schemas } from "../../../api/client.ts";
import type { Schema } from "../../../forms/schema.ts";
import { firstWrong, type Place } from "./jsonPlace.ts";

export type KindOut = Schemas["KindOut"];

/** What becomes of the follow-up: it ends so, or goes on by another protocol; perhaps only with this in the result. */
export interface FollowUpRule {
  readonly end?: "completed" | "cancelled";
  readonly convert_to?: string;
  readonly when: Readonly<Record<string, string | number | boolean>>;
}

/** What a visit may set off, in the order in which people meet it. */
export const TRIGGERS = [
  "fever",
  "refused",
  "unavailable",
  "wrong_address",
  "unsafe",
  "not_executable",
  "completed",
] as const;
export type Trigger = (typeof TRIGGERS)[number];

const WITH_ALARM = ["fever", "refused", "unsafe", "not_executable"] as const;

/** Whether there is an alarm of that name. */
export function hasAlarm(trigger: string): trigger is (typeof WITH_ALARM)[number] {
  return (WITH_ALARM as readonly string[]).includes(trigger);
}

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
  retry_elsewhen: boolean;
  expires: boolean;
  suit: boolean;
  follow_on: Readonly<Record<string, readonly string[]>>;
  then_follow_up: Readonly<Record<string, FollowUpRule>>;
  raises_alarm: readonly string[];
  quick_s: number | null;
  far_m: number | null;
  active: boolean;
  /** The form as JSON text. */
  form: string;
}

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
    retry_elsewhen: false,
    expires: false,
    suit: false,
    follow_on: {},
    then_follow_up: {},
    raises_alarm: [],
    quick_s: null,
    far_m: null,
    active: true,
    form: pretty({ type: "object", properties: {} }),
  };
}

export function draftOf(kind: KindOut): Draft {
  const { en = "", zh = "", ...otherNames } = kind.names;
  const { id: _, district_id, names, form, form_version, form_versions, created_at, ...plain } = kind;
  return {
    ...plain,
    en,
    zh,
    otherNames,
    then_follow_up: Object.fromEntries(
      Object.entries(kind.then_follow_up).map(([trigger, rule]) => [trigger, ruleOf(rule)]),
    ),
    form: pretty(form as Schema),
  };
}

function ruleOf({ end, convert_to, when }: Schemas["FollowUpRuleOut"]): FollowUpRule {
  if (convert_to) return { convert_to, when: when ?? {} };
  return { end: end === "cancelled" ? "cancelled" : "completed", when: when ?? {} };
}

/** What is sent besides the form. */
export function changesOf({ en, zh, otherNames, form: _, follow_on, then_follow_up, ...plain }: Draft) {
  const given = Object.entries({ zh: zh.trim(), en: en.trim() }).filter(([, name]) => name);
  return {
    ...plain,
    names: { ...otherNames, ...Object.fromEntries(given) },
    required_roles: [...plain.required_roles],
    required_capabilities: [...plain.required_capabilities],
    raises_alarm: plain.raises_alarm.filter(hasAlarm),
    then_follow_up: { ...then_follow_up } as never,
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
