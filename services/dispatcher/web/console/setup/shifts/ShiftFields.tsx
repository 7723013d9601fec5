import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { span } from "../../../ui/time.ts";
import { district, type Team } from "../../model.ts";
import { momentOf } from "../../zone.ts";
import { usualOf } from "./plan.ts";
import { proposedBreak, type Written } from "./written.ts";

interface ShiftFieldsProps {
  form: Written;
  set: (change: Partial<Written>) => void;
  /** undefined: the shift never changes teams */
  teams: readonly Team[] | undefined;
  timeZone: string;
  error: unknown;
}

export function ShiftFields({ form, set, teams, timeZone, error }: ShiftFieldsProps) {
  return (
    <div class="stack">
      {teams && (
        <Field label={t(SHIFTS.team)} error={fieldError(error, "team_id")}>
          {(input) => (
            <select {...input} value={form.team_id} onChange={(event) => set({ team_id: event.currentTarget.value })}>
              {teams.map((team) => (
                <option key={team.id} value={team.id}>
                  {team.code === team.name ? team.code : `${team.code} ${team.name}`}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <div class="setup__pair">
        <Typed
          label={t(SHIFTS.from)}
          type="datetime-local"
          value={form.from}
          set={(from) => set({ from })}
          error={fieldError(error, "starts_at")}
        />
        <Typed
          label={t(SHIFTS.until)}
          type="datetime-local"
          value={form.until}
          set={(until) => set({ until })}
          error={fieldError(error, "ends_at")}
        />
      </div>
      <Length form={form} timeZone={timeZone} />
      <label class="setup__check">
        <input
          type="checkbox"
          checked={form.withBreak}
          onChange={(event) =>
            set(
              event.currentTarget.checked
                ? proposedBreak(form, timeZone, usualOf(district.value?.settings ?? {}))
                : { withBreak: false },
            )
          }
        />
        {t(SHIFTS.withBreak)}
      </label>
      {form.withBreak && (
        <div class="setup__three">
          <Typed
            label={t(SHIFTS.earliest)}
            type="time"
            value={form.earliest}
            set={(earliest) => set({ earliest })}
            error={fieldError(error, "break.earliest")}
          />
          <Typed
            label={t(SHIFTS.latest)}
            type="time"
            value={form.latest}
            set={(latest) => set({ latest })}
            error={fieldError(error, "break.latest")}
          />
          <Typed
            label={t(SHIFTS.minutes)}
            type="number"
            value={form.minutes}
            set={(minutes) => set({ minutes })}
            error={fieldError(error, "break.duration_s")}
          />
        </div>
      )}
    </div>
  );
}

/** How long it lasts: by the clock alone one cannot see it in a night in which clocks change. */
function Length({ form, timeZone }: { form: Written; timeZone: string }) {
  if (!form.from || !form.until) return null;
  const ms = momentOf(form.until, timeZone) - momentOf(form.from, timeZone);
  const byTheClock = Date.parse(`${form.until}Z`) - Date.parse(`${form.from}Z`);
  return (
    <p class="setup__quiet" aria-live="polite">
      {ms > 0 && t(SHIFTS.lasts, { time: span(ms) })} {ms !== byTheClock && t(SHIFTS.clocksChange)}
    </p>
  );
}

interface TypedProps {
  label: string;
  type: "datetime-local" | "time" | "number";
  value: string;
  set: (value: string) => void;
  error: string | undefined;
}

function Typed({ label, type, value, set, error }: TypedProps) {
  return (
    <TextField
      label={label}
      error={error}
      type={type}
      required
      min={type === "number" ? 1 : undefined}
      value={value}
      onText={set}
    />
  );
}
