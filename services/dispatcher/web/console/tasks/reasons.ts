/** Why a row was not taken, in the page's language and by the names of its columns. */

import type { Problem } from "../../api/client.ts";
import { language, t } from "../../texts/language.ts";
import { COLON } from "../../texts/ui.ts";
import { ofField, refusal } from "../../ui/refusal.ts";

/** `kind: The district has no such kind; due_at: …`, one sentence for the whole row. */
export function reasonWords(problem: Problem, columns: readonly string[]): string {
  const wrong = (problem.errors ?? []).map(({ loc, msg }) => {
    const said = ofField(loc, msg).replace(/[.。]$/, "");
    return loc ? `${columnOf(loc, columns)}${t(COLON)}${said}` : said;
  });
  return wrong.join(language.value === "zh" ? "；" : "; ") || refusal(problem);
}

/** `subject.phone` is the column `subject_phone`. */
function columnOf(loc: string, columns: readonly string[]): string {
  const name = loc.replaceAll(".", "_");
  return columns.includes(name) ? name : loc;
}
