/** Why a row was not taken, in the page's language. The API says it in English; what it says often is said in Chinese too. */

import type { Problem } from "../../api/client.ts";
import { REASONS } from "../../texts/console-tasks.ts";
import { language } from "../../texts/language.ts";
import { refusalWords } from "./words.ts";

/** `kind: there is no such kind; due_at: …`, one sentence for the whole row. */
export function reasonWords(problem: Problem): string {
  const wrong = (problem.errors ?? []).map(({ loc, msg }) => (loc ? `${loc}: ${translated(msg)}` : translated(msg)));
  return wrong.join(language.value === "zh" ? "；" : "; ") || refusalWords(problem);
}

function translated(msg: string): string {
  if (language.value === "en") return msg;
  for (const [pattern, zh] of REASONS) {
    const found = pattern.exec(msg);
    if (found) return zh.replace(/\{(\d)\}/g, (whole, place: string) => found[Number(place)] ?? whole);
  }
  return msg;
}
