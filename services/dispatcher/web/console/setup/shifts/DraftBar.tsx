import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import type { Draft } from "./plan.ts";

interface DraftBarProps {
  drafts: readonly Draft[];
  busy: boolean;
  set: (drafts: readonly Draft[]) => void;
  save: () => void;
}

/** Shifts that are drawn and not saved yet: save them, or drop them, or only those that do not fit. */
export function DraftBar({ drafts, busy, set, save }: DraftBarProps) {
  const bad = drafts.filter(({ wrong }) => wrong);
  return (
    <div class={`notice ${bad.length ? "notice--bad" : "notice--info"} setup__drafts`} role="status">
      <span>
        {bad.length ? t(SHIFTS.badDrafts, { n: bad.length }) : t(SHIFTS.drafts, { n: drafts.length })}
        {[...new Set(bad.map(({ wrong }) => wrong))].map((wrong) => (
          <span key={wrong} class="setup__wrong">
            {wrong}
          </span>
        ))}
      </span>
      <span class="row">
        <button type="button" class="button" onClick={() => set([])}>
          {t(SHIFTS.dropDrafts)}
        </button>
        {bad.length > 0 && bad.length < drafts.length && (
          <button type="button" class="button" onClick={() => set(drafts.filter(({ wrong }) => !wrong))}>
            {t(SHIFTS.dropBad, { n: bad.length })}
          </button>
        )}
        <button type="button" class="button button--primary" disabled={busy || bad.length > 0} onClick={save}>
          {t(SHIFTS.saveDrafts, { n: drafts.length })}
        </button>
      </span>
    </div>
  );
}
