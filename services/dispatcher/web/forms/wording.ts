/** What is wrong with a field, as a sentence in the page's language. */

import { WRONG } from "../texts/forms.ts";
import { t } from "../texts/language.ts";
import type { Wrong } from "./schema.ts";

export function sentence(wrong: Wrong): string {
  if (wrong.why === "between" && !wrong.high) return t(WRONG.at_least, wrong);
  if (wrong.why === "between" && !wrong.low) return t(WRONG.at_most, wrong);
  return t(WRONG[wrong.why], { ...wrong });
}
