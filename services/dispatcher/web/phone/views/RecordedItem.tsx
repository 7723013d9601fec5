import { named, t } from "../../texts/language.ts";
import { CORRECT, CORRECTION, REVIEW, STRUCK, WAITS } from "../../texts/phone-views.ts";
import { PencilIcon } from "../../ui/icons.tsx";
import { go } from "../place.ts";
import { route } from "../route.ts";
import type { Recorded } from "../route-overlay.ts";
import { sawThePerson } from "./findings.ts";
import { at, outcomeName } from "./naming.ts";
import { resultWords } from "./resultWords.ts";

/** One record: what was found, whether it is sent, and the way to correct it. A struck one stays to be read, struck through. */
export function RecordedItem({ recorded }: { recorded: Recorded }) {
  const form = route.value?.forms.find((one) => one.kind === recorded.kind);
  const words = resultWords(form, recorded.result ?? {});
  return (
    <li class="recorded">
      <div class={recorded.struck ? "recorded__what recorded__what--struck" : "recorded__what"}>
        <p class="row row--apart">
          <strong>{named(recorded.names)}</strong>
          <time class="quiet" dateTime={recorded.at}>
            {at(recorded.at)}
          </time>
        </p>
        <p class="quiet">{recorded.address}</p>
        {recorded.outcome && (
          <p class="row">
            <span class={`badge ${sawThePerson(recorded.outcome) ? TONES[recorded.outcome] : ""}`}>
              {outcomeName(recorded.outcome, false)}
            </span>
            {words && <span>{words}</span>}
          </p>
        )}
        {recorded.note && <p class="said">{recorded.note}</p>}
      </div>
      <p class="row row--apart">
        <span class="row">
          {recorded.struck && <span class="badge">{t(STRUCK)}</span>}
          {recorded.replaces_id && !recorded.struck && <span class="badge badge--info">{t(CORRECTION)}</span>}
          {recorded.waiting && <span class="badge badge--warn">{t(WAITS)}</span>}
          {recorded.needs_review.length > 0 && <span class="badge badge--warn">{t(REVIEW)}</span>}
        </span>
        {!recorded.struck && recorded.outcome && (
          <button type="button" class="button button--quiet" onClick={() => go("done", "correct", recorded.id)}>
            <PencilIcon /> {t(CORRECT)}
          </button>
        )}
      </p>
    </li>
  );
}

const TONES: Readonly<Record<string, string>> = { seen_ok: "badge--good", seen_not_ok: "badge--bad" };
