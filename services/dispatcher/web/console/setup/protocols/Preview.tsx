import { PROTOCOLS } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { kindName } from "../../model.ts";
import { listed } from "../names.ts";
import { type LineDraft, MOST_DAYS, readLine } from "./lines.ts";
import { previewOf } from "./preview.ts";

/** What the first days and the last one hold, while lines are typed. */
export function Preview({ lines: drafts, days }: { lines: readonly LineDraft[]; days: string }) {
  const lines = drafts.map((draft) => readLine(draft).line).filter((line) => line !== undefined);
  const length = Math.min(Math.max(Math.trunc(Number(days)) || 0, 0), MOST_DAYS);
  const shown = previewOf(lines, length);
  return (
    <section class="setup__preview" aria-label={t(PROTOCOLS.preview)}>
      <h3>{t(PROTOCOLS.preview)}</h3>
      <ol class="plan__preview">
        {shown.map(({ from, to, due }, place) => (
          <li key={from}>
            <strong>{t(from === to ? PROTOCOLS.previewDay : PROTOCOLS.previewDays, { n: from, m: to })}</strong>
            {due.length === 0 && <span class="setup__quiet">{t(PROTOCOLS.nothingDue)}</span>}
            {due.length > 0 && (
              <span class="plan__due">
                {due.map(({ time, kinds }) => (
                  <span key={time}>
                    <span class="setup__quiet">{time}</span> {listed(kinds.map(kindName))}
                  </span>
                ))}
              </span>
            )}
            {to + 1 < (shown[place + 1]?.from ?? 0) && (
              <span class="plan__more setup__quiet">{t(PROTOCOLS.previewMore)}</span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
