import { useState } from "preact/hooks";
import { draft, dropDraft, keepDraft } from "../drafts.ts";
import { EMPTY, type VisitDraft } from "./findings.ts";

/** What is being filled in, kept on the phone at every key: a reload, a change of route or a closed app loses nothing. */
export function useVisitDraft(key: string, first: VisitDraft = EMPTY) {
  const [value, setValue] = useState<VisitDraft>(() => draft<VisitDraft>(key) ?? first);
  return {
    value,
    change: (next: VisitDraft) => {
      setValue(next);
      keepDraft(key, next);
    },
    drop: () => dropDraft(key),
  };
}
