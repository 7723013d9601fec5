import { useState } from "preact/hooks";
import { RULES } from "../../../texts/console-alarms.ts";
import { type Text, t } from "../../../texts/language.ts";
import { ALARM, ALARM_LEVEL } from "../../../texts/words.ts";
import { mayChange } from "../../model.ts";
import type { Rule } from "./AlarmRules.tsx";
import { minutesOf, secondsOf } from "./draft.ts";

const LEVELS = ["team", "coordinator", "lead"] as const;
const MOST_MINUTES = 7 * 24 * 60;

/** One alarm's rule, every field named for who hears it alone. */
export function RuleRow({ rule, set }: { rule: Rule; set: (change: (rule: Rule) => Rule) => void }) {
  const what = t(ALARM[rule.what]);
  const frozen = !mayChange.value;
  const escalate = (change: Partial<Rule["escalate_after_s"]>) =>
    set((before) => ({ ...before, escalate_after_s: { ...before.escalate_after_s, ...change } }));
  return (
    <tr>
      <th scope="row">
        {what} {rule.own && <span class="badge badge--info">{t(RULES.own)}</span>}
      </th>
      <td>
        <input
          type="checkbox"
          class="rules__check"
          aria-label={t(RULES.enabledOf, { what })}
          disabled={frozen}
          checked={rule.enabled}
          onChange={({ currentTarget: { checked } }) => set((before) => ({ ...before, enabled: checked }))}
        />
      </td>
      <td>
        {rule.waits_s === null ? (
          <span class="setup__quiet">{t(RULES.atOnce)}</span>
        ) : (
          <>
            <Minutes
              label={RULES.afterOf}
              what={what}
              seconds={rule.after_s}
              usual={rule.waits_s}
              disabled={frozen}
              set={(after_s) => set((before) => ({ ...before, after_s }))}
            />
            {rule.what === "due_soon" && <span class="setup__quiet"> {t(RULES.before)}</span>}
          </>
        )}
      </td>
      <td>
        <select
          aria-label={t(RULES.firstOf, { what })}
          disabled={frozen}
          value={rule.first_level}
          onChange={({ currentTarget: { value } }) =>
            set((before) => ({ ...before, first_level: value as Rule["first_level"] }))
          }
        >
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(ALARM_LEVEL[level])}
            </option>
          ))}
        </select>
      </td>
      <td>
        {rule.first_level === "team" && (
          <Minutes
            label={RULES.toCoordinatorOf}
            what={what}
            seconds={rule.escalate_after_s.team}
            disabled={frozen}
            set={(team) => escalate({ team })}
          />
        )}
      </td>
      <td>
        {rule.first_level !== "lead" && (
          <Minutes
            label={RULES.toLeadOf}
            what={what}
            seconds={rule.escalate_after_s.coordinator}
            disabled={frozen}
            set={(coordinator) => escalate({ coordinator })}
          />
        )}
      </td>
    </tr>
  );
}

interface MinutesProps {
  label: Text;
  what: string;
  seconds: number | null;
  /** What an empty field means, where it means a time. */
  usual?: number;
  disabled: boolean;
  set: (seconds: number | null) => void;
}

/** What is typed stays as it is typed, as long as it means what is kept. */
function Minutes({ label, what, seconds, usual, disabled, set }: MinutesProps) {
  const [typed, setTyped] = useState(minutesOf(seconds));
  return (
    <input
      type="number"
      class="rules__minutes"
      aria-label={t(label, { what })}
      min={0}
      max={MOST_MINUTES}
      step="any"
      disabled={disabled}
      placeholder={minutesOf(usual)}
      value={secondsOf(typed) === seconds ? typed : minutesOf(seconds)}
      onInput={({ currentTarget: { value } }) => {
        setTyped(value);
        set(secondsOf(value));
      }}
    />
  );
}
