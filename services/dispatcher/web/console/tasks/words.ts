/** Codes of tasks in the words of the page's language. */

import { FLAG, PRIORITY } from "../../texts/console-tasks.ts";
import { labelled, type Text, t } from "../../texts/language.ts";

export { listed } from "../../texts/language.ts";
export { capabilityName, roleName } from "../setup/names.ts";

/** What a table says of a code, else the code itself as words: a district may have codes of its own. */
export function wordOf(
  table: Readonly<Record<string, Text>>,
  code: string,
  given: Record<string, string> = {},
): string {
  const text = Object.hasOwn(table, code) ? table[code] : undefined;
  return text ? t(text, given) : code.replaceAll("_", " ");
}

export const priorityName = (priority: number) => wordOf(PRIORITY as Record<string, Text>, String(priority));

/** What one should know of a person: `no smartphone`, `speaks en`. A flag that is `false` says nothing. */
export function flagWords(flags: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(flags)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => flagWord(name, value));
}

function flagWord(name: string, value: unknown): string {
  const word = wordOf(FLAG, name, { value: String(value) });
  return value === true || Object.hasOwn(FLAG, name) ? word : labelled(word, String(value));
}
