import "./protocols.css";
import { LINE } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { CrossIcon } from "../../../ui/icons.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { kindName, kinds } from "../../model.ts";
import { type How, type LineDraft, lineSaid, newLine, readLine, type WrongPart } from "./lines.ts";

interface LinesFieldProps {
  lines: readonly LineDraft[];
  set: (lines: LineDraft[]) => void;
  /** Whether it was tried to send them: what is wrong is said. */
  tried: boolean;
  error: unknown;
}

/** What is due when, line by line, each read out in plain words. */
export function LinesField({ lines, set, tried, error }: LinesFieldProps) {
  const change = (key: number, some: Partial<LineDraft>) =>
    set(lines.map((line) => (line.key === key ? { ...line, ...some } : line)));
  return (
    <div class="plan">
      {lines.map((line, place) => (
        <LineField
          key={line.key}
          line={line}
          place={place}
          set={(some) => change(line.key, some)}
          remove={() => set(lines.filter(({ key }) => key !== line.key))}
          tried={tried}
          error={error}
        />
      ))}
      {tried && lines.length === 0 && <p class="field__error">{t(LINE.needOne)}</p>}
      <button type="button" class="button setup__start" onClick={() => set([...lines, newLine()])}>
        {t(LINE.add)}
      </button>
    </div>
  );
}

const WRONG = { kind: LINE.needKind, times: LINE.badTimes, every: LINE.badEvery, days: LINE.badDays } as const;

interface LineFieldProps {
  line: LineDraft;
  place: number;
  set: (some: Partial<LineDraft>) => void;
  remove: () => void;
  tried: boolean;
  error: unknown;
}

function LineField({ line: draft, place, set, remove, tried, error }: LineFieldProps) {
  const { line, wrong } = readLine(draft);
  const wrongWith = (part: WrongPart) =>
    tried && wrong.includes(part) ? t(WRONG[part]) : fieldError(error, `lines.${place}.${part}`);
  const offered = [...kinds.value.values()].filter(({ active, code }) => active || code === draft.kind);
  return (
    <fieldset class="plan__line">
      <legend>{t(LINE.nth, { n: place + 1 })}</legend>
      <button
        type="button"
        class="button button--quiet button--icon plan__remove"
        aria-label={t(LINE.remove, { n: place + 1 })}
        onClick={remove}
      >
        <CrossIcon />
      </button>
      <div class="plan__parts">
        <Field label={t(LINE.kind)} error={wrongWith("kind")}>
          {(input) => (
            <select {...input} value={draft.kind} onChange={(event) => set({ kind: event.currentTarget.value })}>
              <option value="">{t(LINE.chooseKind)}</option>
              {offered.map(({ code, names }) => (
                <option key={code} value={code}>
                  {named(names)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          label={t(LINE.times)}
          hint={t(LINE.timesHint)}
          error={wrongWith("times")}
          maxLength={200}
          autocomplete="off"
          value={draft.times}
          onText={(times) => set({ times })}
        />
        <Field label={t(LINE.when)}>
          {(input) => (
            <select {...input} value={draft.how} onChange={(event) => set({ how: event.currentTarget.value as How })}>
              <option value="daily">{t(LINE.daily)}</option>
              <option value="every">{t(LINE.everyNth)}</option>
              <option value="chosen">{t(LINE.chosen)}</option>
            </select>
          )}
        </Field>
        {draft.how === "every" && (
          <TextField
            label={t(LINE.every)}
            hint={t(LINE.everyHint)}
            error={wrongWith("every")}
            inputMode="numeric"
            autocomplete="off"
            value={draft.every}
            onText={(every) => set({ every })}
          />
        )}
        {draft.how === "chosen" && (
          <TextField
            label={t(LINE.days)}
            hint={t(LINE.daysHint)}
            error={wrongWith("days")}
            maxLength={2000}
            autocomplete="off"
            value={draft.days}
            onText={(days) => set({ days })}
          />
        )}
      </div>
      {line && <p class="plan__said">{lineSaid(line, kindName)}</p>}
    </fieldset>
  );
}
