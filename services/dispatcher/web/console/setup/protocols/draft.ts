/** A protocol as its form has it, and what of it is sent. */

import type { Schemas } from "../../../api/client.ts";
import { draftsOf, type LineDraft, newLine, readLine } from "./lines.ts";

export type ProtocolOut = Schemas["ProtocolOut"];
type ItemOut = Schemas["LedgerItemOut"];
export type Expected = ItemOut["expected"];

/** An item of the ledger as it is being typed. */
export interface ItemDraft {
  readonly key: number;
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  readonly otherNames: Readonly<Record<string, string>>;
  readonly kinds: readonly string[];
  readonly expected: Expected;
  /** Empty: any result counts. */
  readonly field: string;
  /** Empty: any value counts. */
  readonly value: string;
}

export interface Draft {
  readonly code: string;
  readonly en: string;
  readonly zh: string;
  readonly otherNames: Readonly<Record<string, string>>;
  readonly days: string;
  readonly lines: readonly LineDraft[];
  readonly items: readonly ItemDraft[];
  /** Empty: nobody is lost. */
  readonly lost: string;
  readonly contacts: ProtocolOut["for_contacts"];
  readonly active: boolean;
}

let keys = 0;

export function newItem(): ItemDraft {
  keys += 1;
  const empty = { code: "", en: "", zh: "", otherNames: {}, kinds: [], field: "", value: "" };
  return { key: keys, expected: "as_planned", ...empty };
}

export function newDraft(): Draft {
  return {
    code: "",
    en: "",
    zh: "",
    otherNames: {},
    days: "14",
    lines: [newLine()],
    items: [],
    lost: "",
    contacts: [],
    active: true,
  };
}

export function draftOf(protocol: ProtocolOut): Draft {
  const { en = "", zh = "", ...otherNames } = protocol.names;
  return {
    code: protocol.code,
    en,
    zh,
    otherNames,
    days: String(protocol.days),
    lines: draftsOf(protocol.lines),
    items: protocol.ledger.map(itemOf),
    lost: protocol.lost_after_days === null ? "" : String(protocol.lost_after_days),
    contacts: protocol.for_contacts,
    active: protocol.active,
  };
}

function itemOf({ names, field, value, ...plain }: ItemOut): ItemDraft {
  const { en = "", zh = "", ...otherNames } = names;
  const said = value === null ? "" : String(value);
  return { ...newItem(), ...plain, en, zh, otherNames, field: field ?? "", value: said };
}

/** The body of a POST or PATCH; undefined while a line says nothing that counts. */
export function bodyOf(draft: Draft) {
  const lines = draft.lines.map((line) => readLine(line).line);
  if (lines.length === 0 || lines.includes(undefined)) return undefined;
  return {
    code: draft.code.trim(),
    names: namesOf(draft),
    days: Number(draft.days),
    lines,
    ledger: draft.items.map((item) => ({
      code: item.code.trim(),
      names: namesOf(item),
      kinds: [...item.kinds],
      field: item.field.trim() || null,
      value: readValue(item.value),
      expected: item.expected,
    })),
    lost_after_days: draft.lost.trim() ? Number(draft.lost) : null,
    for_contacts: [...draft.contacts],
    active: draft.active,
  };
}

function namesOf({ en, zh, otherNames }: Pick<Draft, "en" | "zh" | "otherNames">): Record<string, string> {
  const given = Object.entries({ zh: zh.trim(), en: en.trim() }).filter(([, name]) => name);
  return { ...otherNames, ...Object.fromEntries(given) };
}

/** As a form would record it: yes and no, a whole number, else text. */
export function readValue(text: string): boolean | number | string | null {
  const typed = text.trim();
  if (!typed) return null;
  if (typed === "true" || typed === "false") return typed === "true";
  return /^-?\d{1,15}$/.test(typed) ? Number(typed) : typed;
}
