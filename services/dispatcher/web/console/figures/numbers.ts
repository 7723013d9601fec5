/** Numbers as people read them. */

import { FIGURES } from "../../texts/console-figures.ts";
import { language, t } from "../../texts/language.ts";

const LOCALES = { en: "en-GB", zh: "zh-CN" } as const;

export function number(value: number, digits = 0): string {
  return value.toLocaleString(LOCALES[language.value], { maximumFractionDigits: digits });
}

/** `92 %`; a dash where there is nothing to have a share of. */
export function percent(share: number | null): string {
  if (share === null) return t(FIGURES.none);
  return share.toLocaleString(LOCALES[language.value], { style: "percent", maximumFractionDigits: 0 });
}

export function minutes(value: number | null): string {
  return value === null ? t(FIGURES.none) : t(FIGURES.minutes, { n: number(value) });
}
