import { useState } from "preact/hooks";
import { FIGURES } from "../../texts/console-figures.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { go } from "../router.ts";
import { daysUpTo, MOST_DAYS, PRESETS, type Range, wrongWith } from "./figures.ts";

/** Which days are shown: chosen by their number, or typed. */
export function RangeBar({ range, today }: { range: Range; today: string }) {
  const [typed, setTyped] = useState<{ shown: Range; draft: Range }>({ shown: range, draft: range });
  const draft = typed.shown.from === range.from && typed.shown.to === range.to ? typed.draft : range;
  const [tried, setTried] = useState(false);
  const wrong = tried ? wrongWith(draft) : null;
  const said = wrong === null ? undefined : t(FIGURES[wrong], { n: MOST_DAYS });
  const type = (change: Partial<Range>) => setTyped({ shown: range, draft: { ...draft, ...change } });
  const show = ({ from, to }: Range) => {
    setTried(false);
    go(`/figures/${from}/${to}`);
  };
  return (
    <form
      class="figures__range"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (wrongWith(draft) === null) show(draft);
        else setTried(true);
      }}
    >
      <div class="figures__buttons" role="group" aria-label={t(FIGURES.presets)}>
        {PRESETS.map((days) => {
          const preset = daysUpTo(today, days);
          return (
            <button
              key={days}
              type="button"
              class="chip"
              aria-pressed={preset.from === range.from && preset.to === range.to}
              onClick={() => show(preset)}
            >
              {t(FIGURES.last, { n: days })}
            </button>
          );
        })}
      </div>
      <Field label={t(FIGURES.from)} error={draft.from ? undefined : said}>
        {(input) => (
          <input
            {...input}
            type="date"
            value={draft.from}
            onInput={({ currentTarget }) => type({ from: currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t(FIGURES.to)} error={draft.from ? said : undefined}>
        {(input) => (
          <input
            {...input}
            type="date"
            value={draft.to}
            onInput={({ currentTarget }) => type({ to: currentTarget.value })}
          />
        )}
      </Field>
      <button type="submit" class="button">
        {t(FIGURES.show)}
      </button>
    </form>
  );
}
