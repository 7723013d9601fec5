import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import type { District, Team } from "../../model.ts";
import { momentOf, wallClock } from "../../zone.ts";
import { useSending } from "../asked.ts";
import { FormEnd } from "../FormEnd.tsx";
import { roleName } from "../names.ts";
import type { Member } from "../people/Members.tsx";
import { MemberChoice } from "./MemberChoice.tsx";
import type { Roll } from "./People.tsx";
import { regulars } from "./roster.ts";

interface SubstituteFormProps {
  district: District;
  team: Team;
  roll: Roll;
  onDone: () => Promise<void>;
  onClose: () => void;
}

const A_SHIFT_MS = 8 * 3_600_000;

/** Lets a member fill a slot for a while. */
export function SubstituteForm({ district, team, roll, onDone, onClose }: SubstituteFormProps) {
  const zone = district.time_zone;
  const [role, setRole] = useState(district.slots[0] ?? "");
  const [member, setMember] = useState<Member | null>(null);
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState(() => `${wallClock(Date.now() + A_SHIFT_MS, zone).slice(0, 13)}:00`);
  const sending = useSending();
  const regular = regulars(roll.memberships).get(role);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!member) return;
    void sending.run(async () => {
      const at = (local: string) => instantOf(local, zone);
      const body = { role, member_id: member.id, from: from ? at(from) : null, until: at(until) };
      const made = await answered(api.POST("/v1/teams/{id}/substitutes", { params: { path: { id: team.id } }, body }));
      if (made.warnings.length) say(t(REST.saved), "warn");
      await onDone();
    });
  };
  return (
    <form class="panel stack" onSubmit={submit}>
      <Field
        label={t(TEAMS.slot)}
        hint={regular ? t(TEAMS.instead, { name: roll.names.get(regular) ?? "" }) : t(TEAMS.insteadNobody)}
        error={fieldError(sending.error, "role")}
      >
        {(input) => (
          <select
            {...input}
            value={role}
            onChange={(event) => {
              setRole(event.currentTarget.value);
              setMember(null);
            }}
          >
            {district.slots.map((one) => (
              <option key={one} value={one}>
                {roleName(one)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset class="setup__set">
        <legend class="field__label">{t(TEAMS.substitute)}</legend>
        {member ? (
          <div class="row">
            <strong>{member.name}</strong>
            <button type="button" class="button button--quiet" onClick={() => setMember(null)}>
              {t(TEAMS.change)}
            </button>
          </div>
        ) : (
          <MemberChoice district={district} role={role} free={spanOf(from, until, zone)} choose={setMember} />
        )}
        {fieldError(sending.error, "member_id") && (
          <span class="field__error">{fieldError(sending.error, "member_id")}</span>
        )}
      </fieldset>
      <div class="setup__pair">
        <When
          label={t(TEAMS.from)}
          hint={t(TEAMS.fromHint)}
          value={from}
          set={setFrom}
          error={fieldError(sending.error, "from")}
        />
        <When
          label={t(TEAMS.until)}
          hint={t(TEAMS.untilHint)}
          value={until}
          set={setUntil}
          required
          error={fieldError(sending.error, "until")}
        />
      </div>
      <FormEnd sending={sending} shown={["role", "member_id", "from", "until"]} onCancel={onClose} blocked={!member} />
    </form>
  );
}

/** When somebody should be free; undefined where that is not written yet. */
function spanOf(from: string, until: string, zone: string): { from: string; until: string } | undefined {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const span = {
    from: from ? instantOf(from, zone) : new Date(now).toISOString(),
    until: until && instantOf(until, zone),
  };
  return span.until > span.from ? span : undefined;
}

function instantOf(local: string, zone: string): string {
  return new Date(momentOf(local, zone)).toISOString();
}

interface WhenProps {
  label: string;
  hint: string;
  value: string;
  set: (value: string) => void;
  error: string | undefined;
  required?: boolean;
}

function When({ label, hint, value, set, error, required = false }: WhenProps) {
  return (
    <TextField
      label={label}
      hint={hint}
      error={error}
      type="datetime-local"
      required={required}
      value={value}
      onText={set}
    />
  );
}
