/** Words of the set-up whose list a district may lengthen: roles, capabilities, languages. */

import { type Text, t } from "../../texts/language.ts";
import { ROLE } from "../../texts/words.ts";
import { kinds } from "../model.ts";

export { listed } from "../../texts/language.ts";

/** Capabilities that most districts know; a district's kinds may need others. */
const CAPABILITY: Readonly<Record<string, Text>> = {
  swab: { en: "swab training", zh: "采样" },
  woman: { en: "woman", zh: "女性" },
  english: { en: "English", zh: "英语" },
};

export const LANGUAGE_NAME: Readonly<Record<string, string>> = { zh: "中文", en: "English" };

export function roleName(role: string): string {
  const known = (ROLE as Readonly<Record<string, Text>>)[role];
  return known ? t(known) : role;
}

export function capabilityName(capability: string): string {
  const known = CAPABILITY[capability];
  return known ? t(known) : capability;
}

/** The usual capabilities and those that the district's kinds need, with these besides. */
export function knownCapabilities(besides: readonly string[]): string[] {
  const needed = [...kinds.value.values()].flatMap((kind) => kind.required_capabilities);
  return [...new Set([...Object.keys(CAPABILITY), ...needed, ...besides])];
}
