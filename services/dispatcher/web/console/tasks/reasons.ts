/** Why a row was not taken, in the page's language and by the names of its columns. What the API says often is said here in other words. */

import type { Problem } from "../../api/client.ts";
import { REASONS, SAID_OF } from "../../texts/console-tasks.ts";
import { language, t } from "../../texts/language.ts";
import { TASK_COLUMNS } from "./exampleTable.ts";
import { refusalWords } from "./words.ts";

/** `kind: there is no such kind; due_at: …`, one sentence for the whole row. */
export function reasonWords(problem: Problem): string {
  const wrong = (problem.errors ?? []).map(({ loc, msg }) =>
    loc ? `${columnOf(loc)}${t(SAID_OF)}${translated(msg)}` : translated(msg),
  );
  return wrong.join(language.value === "zh" ? "；" : "; ") || refusalWords(problem);
}

/** `subject.phone` is the column `subject_phone`. */
function columnOf(loc: string): string {
  const name = loc.replaceAll(".", "_");
  return TASK_COLUMNS.some((column) => column === name) ? name : loc;
}

function translated(msg: string): string {
  for (const [pattern, said] of REASONS) {
    const found = pattern.exec(msg);
    const text = found && said[language.value];
    if (text) return text.replace(/\{(\d)\}/g, (whole, place: string) => found[Number(place)] ?? whole);
  }
  return msg;
}
