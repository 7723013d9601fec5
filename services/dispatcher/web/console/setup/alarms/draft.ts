/** Alarm rules as they are edited. */

import type { Schemas } from "../../../api/client.ts";

type Rule = Schemas["AlarmRuleOut"];

/** The rules with what was changed here in their places. */
export function changedRules(known: readonly Rule[], changed: ReadonlyMap<string, Rule>): Rule[] {
  return known.map((rule) => changed.get(rule.what) ?? rule);
}

/** What is sent: the district's own rules, those changed here among them. */
export function sentRules(rules: readonly Rule[], changed: ReadonlyMap<string, Rule>): Schemas["AlarmRuleIn"][] {
  return rules
    .filter((rule) => rule.own || changed.has(rule.what))
    .map(({ own: _own, waits_s: _waits, ...rule }) => rule);
}

/** Minutes as they stand in a field; empty: null. */
export function minutesOf(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? "" : String(Math.round((seconds / 60) * 100) / 100);
}

/** Seconds of a field with minutes; null: it is empty. */
export function secondsOf(minutes: string): number | null {
  const said = Number(minutes);
  return minutes.trim() === "" || !Number.isFinite(said) || said < 0 ? null : Math.round(said * 60);
}
