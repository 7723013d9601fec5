import { language, t } from "../../texts/language.ts";
import { GOT_IT, REPORTS, REVIEWS, SET_ASIDE, SET_ASIDE_HINT } from "../../texts/phone-views.ts";
import { refusal } from "../../ui/refusal.ts";
import { dismiss, setAside } from "../queue.ts";
import type { KeptReport } from "../reports.ts";
import { allNamed, at } from "./naming.ts";

/** Reports that were refused, or are kept for somebody to look at: with the reason, until it is read. */
export function SetAside() {
  if (setAside.value.length === 0) return null;
  return (
    <section class="notice notice--warn stack" aria-labelledby="set-aside">
      <h2 id="set-aside">{t(SET_ASIDE)}</h2>
      <p>{t(SET_ASIDE_HINT)}</p>
      <ul class="plain stack">
        {setAside.value.map((one) => (
          <li key={one.id} class="aside">
            <p>
              <strong>{t(REPORTS[one.body.report])}</strong> {at(one.body.at)}
            </p>
            {one.about && (
              <p>{[one.about.address, allNamed(one.about.names), one.about.subject].filter(Boolean).join(" · ")}</p>
            )}
            <p>{why(one)}</p>
            <button type="button" class="button" onClick={() => void dismiss(one.id)}>
              {t(GOT_IT)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function why(report: KeptReport): string {
  const reviews = report.answer?.needs_review ?? [];
  if (reviews.length) return reviews.map((code) => t(REVIEWS[code])).join(language.value === "zh" ? "" : " ");
  const problem = report.problem ?? report.answer?.problem;
  return problem ? refusal(problem) : "";
}
