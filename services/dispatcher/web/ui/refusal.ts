/** What the API refuses, in the words and the language of the page. */

import { NoAnswer, type Problem, Refused } from "../api/client.ts";
import { language, t } from "../texts/language.ts";
import { BREAKS, FIELD_REFUSALS, REFUSALS, TEAM_CANNOT, WANTED } from "../texts/refusals.ts";
import { BROKEN, NO_ANSWER } from "../texts/ui.ts";

/** Where the API names a pattern or a bound, a field may say better what it wants; what is too long is told as such. */
const NAMES_A_PATTERN =
  /^(Give (a text|at least \d+ character|one of:|true or false|a whole number|a number|an object|a list|more than|less than|\S+ or (more|less))|Value )/;

/** Whatever went wrong, in a sentence. */
export function sentence(error: unknown): string {
  if (error instanceof Refused) return refusal(error.problem);
  return t(error instanceof NoAnswer ? NO_ANSWER : BROKEN);
}

/** A problem document as a whole, in a sentence; of a team that cannot, what it lacks. */
export function refusal(problem: Problem): string {
  const lacking = /^It breaks: (.*)\.$/.exec(problem.detail ?? "")?.[1]?.split(", ");
  if (lacking) return t(TEAM_CANNOT, { what: lacking.map(breakWord).join(language.value === "zh" ? "、" : ", ") });
  const said = Object.hasOwn(REFUSALS, problem.code) ? REFUSALS[problem.code] : undefined;
  return said ? t(said) : problem.detail || problem.title;
}

/** What is wrong with a field, such as `household.lat`, or with something in it: `capabilities` also answers for `capabilities.0`. */
export function fieldError(error: unknown, loc: string): string | undefined {
  if (!(error instanceof Refused)) return undefined;
  const found = error.problem.errors?.find((field) => covers(loc, field.loc));
  return found && ofField(found.loc, found.msg);
}

/** The refused fields that none of `shown` covers, each in words. */
export function otherErrors(error: unknown, shown: readonly string[] = []): { loc: string; msg: string }[] {
  if (!(error instanceof Refused)) return [];
  return (error.problem.errors ?? [])
    .filter((field) => !shown.some((loc) => covers(loc, field.loc)))
    .map(({ loc, msg }) => ({ loc, msg: ofField(loc, msg) }));
}

/** What the API says of a field, in the words of the page. */
export function ofField(loc: string, msg: string): string {
  const parts = loc.split(".");
  const wanted = NAMES_A_PATTERN.test(msg) ? (wantedOf(parts.at(-1)) ?? wantedOf(parts[0])) : undefined;
  if (wanted) return t(wanted);
  for (const [pattern, said] of FIELD_REFUSALS) {
    const found = pattern.exec(msg);
    const text = found && said[language.value];
    if (text) return text.replace(/\{(\d)\}/g, (whole, place: string) => found[Number(place)] ?? whole);
  }
  return msg;
}

function wantedOf(name: string | undefined) {
  return name && Object.hasOwn(WANTED, name) ? WANTED[name] : undefined;
}

function covers(loc: string, found: string): boolean {
  return found === loc || found.startsWith(`${loc}.`);
}

function breakWord(code: string): string {
  const text = Object.hasOwn(BREAKS, code) ? BREAKS[code] : undefined;
  return text ? t(text) : code.replaceAll("_", " ");
}
