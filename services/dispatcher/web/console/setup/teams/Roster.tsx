import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { SETUP, TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { say } from "../../../ui/toasts.tsx";
import { loadTeams } from "../../load.ts";
import { type District, mayChange, type Team } from "../../model.ts";
import { patiently } from "../../tasks/retry.ts";
import { useSending } from "../asked.ts";
import { roleName } from "../names.ts";
import { MemberChoice } from "./MemberChoice.tsx";
import type { Roll } from "./People.tsx";
import { kept, regulars, type Substitution, seatsOf, substitutions } from "./roster.ts";

interface RosterProps {
  district: District;
  team: Team;
  roll: Roll;
  onSaved: () => void;
}

/** The slots of a team: who fills each until further notice. Nothing counts until it is saved. */
export function Roster({ district, team, roll, onSaved }: RosterProps) {
  const before = regulars(roll.memberships);
  const [changed, setChanged] = useState<ReadonlyMap<string, string | null>>(new Map());
  const [names, setNames] = useState(roll.names);
  const [choosing, setChoosing] = useState<string | null>(null);
  const sending = useSending();
  const after = new Map<string, string | null>([...before, ...changed]);
  const seat = (role: string, id: string | null) => {
    setChanged(new Map([...changed, [role, id]]));
    setChoosing(null);
  };
  const save = () =>
    sending.run(async () => {
      const resting = await saveRoster(team.id, after, kept(substitutions(roll.memberships), before, after));
      await loadTeams();
      if (resting) say(t(REST.saved), "warn");
      else say(t(SETUP.saved), "good");
      onSaved();
    });
  const roles = [...new Set([...district.slots, ...after.keys()])];
  return (
    <section class="stack" aria-label={t(TEAMS.slots)}>
      <ul class="setup__seats">
        {roles.map((role) => (
          <li key={role}>
            <div class="setup__seat">
              <span class="setup__quiet">{roleName(role)}</span>
              <SeatName name={names.get(after.get(role) ?? "")} changed={changed.has(role)} />
              {mayChange.value && (
                <span class="row">
                  <button
                    type="button"
                    class="button"
                    aria-expanded={choosing === role}
                    aria-label={
                      after.get(role)
                        ? t(TEAMS.changeRole, { role: roleName(role) })
                        : t(TEAMS.chooseFor, { role: roleName(role) })
                    }
                    onClick={() => setChoosing(choosing === role ? null : role)}
                  >
                    {t(after.get(role) ? TEAMS.change : TEAMS.choose)}
                  </button>
                  {after.get(role) && (
                    <button
                      type="button"
                      class="button button--quiet"
                      aria-label={t(TEAMS.leaveEmptyRole, { role: roleName(role) })}
                      onClick={() => seat(role, null)}
                    >
                      {t(TEAMS.leaveEmpty)}
                    </button>
                  )}
                </span>
              )}
            </div>
            {choosing === role && (
              <MemberChoice
                district={district}
                role={role}
                choose={(member) => {
                  setNames(new Map([...names, [member.id, member.name]]));
                  seat(role, member.id);
                }}
              />
            )}
          </li>
        ))}
      </ul>
      <ProblemNote error={sending.error} />
      {changed.size > 0 && (
        <div class="setup__end">
          <span class="setup__quiet">{t(TEAMS.fromNow)}</span>
          <span class="setup__gap" />
          <button type="button" class="button" onClick={() => setChanged(new Map())}>
            {t(SETUP.cancel)}
          </button>
          <button type="button" class="button button--primary" disabled={sending.busy} onClick={save}>
            {t(TEAMS.savePeople)}
          </button>
        </div>
      )}
    </section>
  );
}

function SeatName({ name, changed }: { name: string | undefined; changed: boolean }) {
  return (
    <span>
      {name ? <strong>{name}</strong> : <span class="badge badge--bad">{t(TEAMS.missing)}</span>}{" "}
      {changed && <span class="badge badge--info">{t(TEAMS.unsaved)}</span>}
    </span>
  );
}

/**
 * From now on these are on the team; who stands in is arranged anew, for a roster ends what was arranged. Whether somebody must rest
 * because of it. Raises Refused, NoAnswer.
 */
export async function saveRoster(
  teamId: string,
  seats: ReadonlyMap<string, string | null>,
  standing: readonly Substitution[],
): Promise<boolean> {
  const params = { path: { id: teamId } };
  const roster = { members: seatsOf(seats), from: null };
  const made = await patiently(() => answered(api.PUT("/v1/teams/{id}/members", { params, body: roster })));
  let resting = made.warnings.length > 0;
  for (const { role, memberId, from, until } of standing) {
    const body = { role, member_id: memberId, from: aheadOrNow(from), until };
    const headers = { "Idempotency-Key": newId() };
    const stands = await patiently(() => answered(api.POST("/v1/teams/{id}/substitutes", { params, body, headers })));
    resting ||= stands.warnings.length > 0;
  }
  return resting;
}

/** A moment ahead as it is; one gone by as the API wants "from now on". */
export function aheadOrNow(from: string): string | null {
  return new Date(from).getTime() > Date.now() ? from : null;
}
