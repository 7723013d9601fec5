/** Numbers as gloved thumbs type them. */

import type { NumberField, Wrong } from "./schema.ts";

const MOST_DIGITS = 15;

/** The number typed, or what is wrong with it. `366` is 36.6 where one decimal is asked for and 366 is impossible. */
export function parseNumber(field: NumberField, typed: string): { value: number } | Wrong {
  const text = plain(typed);
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text) || text.length > MOST_DIGITS) return { why: "no_number" };
  const value = withPoint(field, text, Number(text));
  if (!isWithin(field, value)) return { why: "between", ...boundsOf(field) };
  if (!field.step) return { value };
  const steps = Math.round(value / field.step);
  if (Math.abs(value - steps * field.step) > 1e-9 * Math.max(1, Math.abs(value)))
    return { why: "step", step: String(field.step) };
  return { value: rounded(field, steps * field.step) };
}

/** One step up or down from what is typed, or from `start` where nothing is; never beyond what is possible. */
export function stepped(field: NumberField, typed: string | undefined, start: number, direction: 1 | -1): string {
  const read = typed ? parseNumber(field, typed) : undefined;
  const step = field.step || 1;
  const next = (read && "value" in read ? read.value : start) + direction * step;
  return shown(field, Math.min(Math.max(next, field.least ?? next), field.most ?? next));
}

/** With as many decimals as the field's step has: `36.0`. */
export function shown(field: NumberField, value: number): string {
  return value.toFixed(decimalsOf(field));
}

export function decimalsOf(field: NumberField): number {
  const [, decimals = ""] = String(field.step).split(".");
  return decimals.length;
}

function rounded(field: NumberField, value: number): number {
  return Number(value.toFixed(decimalsOf(field)));
}

function isWithin(field: NumberField, value: number): boolean {
  return value >= (field.least ?? value) && value <= (field.most ?? value);
}

function withPoint(field: NumberField, text: string, value: number): number {
  const decimals = decimalsOf(field);
  if (!decimals || text.includes(".") || isWithin(field, value)) return value;
  const smaller = value / 10 ** decimals;
  return isWithin(field, smaller) ? smaller : value;
}

function boundsOf(field: NumberField): { low: string; high: string } {
  const said = (bound: number | undefined) => (bound === undefined ? "" : shown(field, bound));
  return { low: said(field.least), high: said(field.most) };
}

/** Full-width digits, decimal commas and the stop of a Chinese keyboard are as good as any. */
function plain(typed: string): string {
  return typed
    .trim()
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[,，。．·]/g, ".");
}
