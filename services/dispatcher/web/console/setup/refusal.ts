/** What the API refuses, in the words of the page. */

import { NoAnswer, Refused } from "../../api/client.ts";
import { REFUSED, REFUSED_FIELD, WANTED } from "../../texts/console-setup.ts";
import { t } from "../../texts/language.ts";
import { BROKEN, NO_ANSWER } from "../../texts/ui.ts";

/** What is wrong with a field, or with something in it: `capabilities` also answers for `capabilities.0`. */
export function fieldError(error: unknown, loc: string): string | undefined {
  if (!(error instanceof Refused)) return undefined;
  const found = error.problem.errors.find((field) => covers(loc, field.loc));
  return found && inWords(found.loc, found.msg);
}

/** The refused fields that none of `shown` covers, each in words. */
export function otherErrors(error: unknown, shown: readonly string[]): { loc: string; msg: string }[] {
  if (!(error instanceof Refused)) return [];
  return error.problem.errors
    .filter((field) => !shown.some((loc) => covers(loc, field.loc)))
    .map(({ loc, msg }) => ({ loc, msg: inWords(loc, msg) }));
}

/** The refusal as a whole, in a sentence. */
export function sentence(error: unknown): string {
  if (!(error instanceof Refused)) return t(error instanceof NoAnswer ? NO_ANSWER : BROKEN);
  const { code, title, detail } = error.problem;
  const known = REFUSED[code];
  return known ? t(known) : detail || title;
}

function covers(loc: string, found: string): boolean {
  return found === loc || found.startsWith(`${loc}.`);
}

/** What the API says of a field, in the words of the page. */
export function inWords(loc: string, msg: string): string {
  const known = REFUSED_FIELD[msg];
  if (known) return t(known);
  const parts = loc.split(".");
  const wanted = WANTED[parts.at(-1) ?? ""] ?? WANTED[parts[0] ?? ""];
  return wanted && /^(String|Input|Value) /.test(msg) ? t(wanted) : msg;
}
