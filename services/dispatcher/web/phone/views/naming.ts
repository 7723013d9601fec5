/** Codes as people read them. A code that has no text is said as it is. */

import { labelled, listed, named, type Text, t } from "../../texts/language.ts";
import { CAPABILITIES, FLAGS, LANGUAGES, OUTCOMES_CALL } from "../../texts/phone-views.ts";
import { OUTCOME, ROLE } from "../../texts/words.ts";
import { clock, dayAndClock } from "../../ui/time.ts";
import { serverNow } from "../clock.ts";
import { me } from "../session.ts";
import type { Outcome } from "./findings.ts";

export function roleName(code: string): string {
  return said(ROLE as Record<string, Text>, code);
}

export function capabilityName(code: string): string {
  return said(CAPABILITIES, code);
}

export function languageName(code: string): string {
  return said(LANGUAGES, code);
}

/** `Deaf`, `Speaks English`, `key code: 12`. */
export function flagName(flag: { name: string; value: string }): string {
  const text = FLAGS[flag.name];
  const value = flag.name === "language" ? languageName(flag.value) : flag.value;
  if (!text) return flag.value ? labelled(plain(flag.name), value) : plain(flag.name);
  const full = t(text, { value });
  return flag.value && !text.en.includes("{value}") ? labelled(full, value) : full;
}

export function outcomeName(outcome: Outcome, call: boolean): string {
  const spoken = OUTCOMES_CALL as Partial<Record<Outcome, Text>>;
  return t((call && spoken[outcome]) || OUTCOME[outcome]);
}

/** Names of several kinds, each once: `Temperature check ×2, Delivery`. */
export function allNamed(names: readonly Readonly<Record<string, string>>[]): string {
  const counts = new Map<string, number>();
  for (const name of names.map(named)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const said = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name));
  return listed(said);
}

/** `18:05` in the district's time zone. */
export function at(moment: string): string {
  return clock(moment, timeZone());
}

/** With the day where it is not today. */
export function atDay(moment: string): string {
  return dayAndClock(moment, timeZone(), new Date(serverNow()));
}

function timeZone(): string {
  return me.value?.member?.time_zone ?? "UTC";
}

function said(table: Readonly<Record<string, Text>>, code: string): string {
  const text = Object.hasOwn(table, code) ? table[code] : undefined;
  return text ? t(text) : plain(code);
}

function plain(code: string): string {
  return code.replaceAll("_", " ");
}
