import "./push.css";
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { t } from "../texts/language.ts";
import { NOT_ON, PUSH } from "../texts/push.ts";
import { choices, choose, type PushProblem, pushState, tryIt, turnOff, turnOn } from "./push.ts";

/** Whether, and how, this phone is woken for urgent tasks. */
export function PushSettings() {
  const heading = useId();
  const busy = useSignal(false);
  const problem = useSignal<PushProblem | null>(null);
  const tried = useSignal(false);
  const state = pushState.value;
  const cannot = state === "unsupported" || state === "install" || state === "blocked";
  const { sound, vibration } = choices.value;

  const turn = async (on: boolean) => {
    busy.value = true;
    tried.value = false;
    problem.value = null;
    if (on) problem.value = await turnOn();
    else await turnOff();
    busy.value = false;
  };
  const attempt = async () => {
    try {
      await tryIt();
      tried.value = true;
    } catch {
      problem.value = "broken";
    }
  };

  return (
    <section class="push" aria-labelledby={heading}>
      <h2 id={heading}>{t(PUSH.title)}</h2>
      <Switch
        label={t(PUSH.on)}
        hint={t(PUSH.why)}
        on={state === "on"}
        disabled={cannot || busy.value || state === "unknown"}
        onChange={turn}
      />
      {cannot && <p class="notice notice--warn">{t(PUSH[state])}</p>}
      {!cannot && problem.value && (
        <p class="notice notice--warn" role="alert">
          {t(NOT_ON[problem.value])}
        </p>
      )}
      {state === "on" && (
        <>
          <Switch label={t(PUSH.sound)} on={sound} onChange={(on) => choose({ sound: on })} />
          <Switch
            label={t(PUSH.vibration)}
            hint={vibration && !sound ? t(PUSH.vibrationOnly) : undefined}
            on={vibration}
            onChange={(on) => choose({ vibration: on })}
          />
          <button type="button" class="button push__try" onClick={attempt}>
            {t(PUSH.tryIt)}
          </button>
          <p class="push__tried" role="status">
            {tried.value && t(PUSH.tried)}
          </p>
        </>
      )}
    </section>
  );
}

interface SwitchProps {
  label: string;
  hint?: string | undefined;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => Promise<void>;
}

/** The whole line is the switch: it moves when it is so, not before. */
function Switch({ label, hint, on, disabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <button
      type="button"
      role="switch"
      class="push__row"
      aria-checked={on}
      aria-labelledby={id}
      aria-describedby={hint && `${id}-hint`}
      disabled={disabled}
      onClick={() => void onChange(!on)}
    >
      <span>
        <span id={id} class="push__label">
          {label}
        </span>
        {hint && (
          <span class="push__hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <span class="push__switch" aria-hidden="true" />
    </button>
  );
}
