/** The language of the page, and texts in it. Every text stands in a table of `texts/`, in both languages side by side. */

import { signal } from "@preact/signals";

export type Language = "en" | "zh";
export interface Text {
  readonly en: string;
  readonly zh: string;
}

const KEPT = "doorstep.language";

export const language = signal<Language>(first());

/** The text in the page's language, with `{name}` replaced by what is given under that name. */
export function t(text: Text, given: Readonly<Record<string, string | number>> = {}): string {
  return text[language.value].replace(/\{(\w+)\}/g, (whole, name: string) => String(given[name] ?? whole));
}

/** Names as the API sends them (language → text): in the page's language, else in any. */
export function named(names: Readonly<Record<string, string>>): string {
  return names[language.value] ?? names.en ?? Object.values(names)[0] ?? "";
}

/** `doctor, grid worker` or `医生、网格员`. */
export function listed(words: readonly string[]): string {
  return words.join(language.value === "zh" ? "、" : ", ");
}

/** `Speaks: Russian` or `语言：俄语`. */
export function labelled(label: string, value: string): string {
  return language.value === "zh" ? `${label}：${value}` : `${label}: ${value}`;
}

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
}

function first(): Language {
  if (typeof localStorage === "undefined") return "en";
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}
