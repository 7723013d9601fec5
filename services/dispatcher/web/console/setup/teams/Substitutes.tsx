import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { dayAndClock } from "../../../ui/time.ts";
import { say } from "../../../ui/toasts.tsx";
import { loadTeams } from "../../load.ts";
import { type District, mayChange, type Team } from "../../model.ts";
import { now } from "../../now.ts";
import { useSending } from "../asked.ts";
import { roleName } from "../names.ts";
import type { Roll } from "./People.tsx";
import { aheadOrNow, saveRoster } from "./Roster.tsx";
import { regulars, type Substitution, substitutions } from "./roster.ts";
import { SubstituteForm } from "./SubstituteForm.tsx";

interface SubstitutesProps {
  district: District;
  team: Team;
  roll: Roll;
  onSaved: () => void;
}

/** Who stands in for whom, from when to when. */
export function Substitutes({ district, team, roll, onSaved }: SubstitutesProps) {
  const [adding, setAdding] = useState(false);
  const sending = useSending();
  const standing = substitutions(roll.memberships);
  const done = async () => {
    await loadTeams();
    say(t(TEAMS.arranged), "good");
    setAdding(false);
    onSaved();
  };
  const end = (one: Substitution) =>
    sending.run(async () => {
      await endSubstitution(team.id, one, roll);
      await done();
    });
  return (
    <section class="stack setup__subs">
      <h3>{t(TEAMS.substitutes)}</h3>
      {standing.length === 0 && <p class="setup__quiet">{t(TEAMS.noSubstitutes)}</p>}
      <ul class="setup__seats">
        {standing.map((one) => (
          <li key={`${one.role} ${one.from}`} class="setup__seat">
            <span class="setup__quiet">{roleName(one.role)}</span>
            <span>
              {inWords(one, roll)} <span class="setup__quiet">{times(one, district.time_zone)}</span>
            </span>
            {mayChange.value && (
              <button
                type="button"
                class="button button--quiet"
                aria-label={t(TEAMS.endOf, { name: roll.names.get(one.memberId) ?? "" })}
                disabled={sending.busy}
                onClick={() => end(one)}
              >
                {t(TEAMS.endNow)}
              </button>
            )}
          </li>
        ))}
      </ul>
      <ProblemNote error={sending.error} />
      {mayChange.value && !adding && (
        <button type="button" class="button setup__start" onClick={() => setAdding(true)}>
          {t(TEAMS.addSubstitute)}
        </button>
      )}
      {adding && (
        <SubstituteForm district={district} team={team} roll={roll} onDone={done} onClose={() => setAdding(false)} />
      )}
    </section>
  );
}

function inWords({ memberId, insteadOf }: Substitution, roll: Roll): string {
  const name = roll.names.get(memberId) ?? "";
  if (!insteadOf) return t(TEAMS.standsInEmpty, { name });
  return t(TEAMS.standsIn, { name, other: roll.names.get(insteadOf) ?? "" });
}

function times({ from, until }: Substitution, timeZone: string): string {
  return `${dayAndClock(from, timeZone, now.value)} – ${dayAndClock(until, timeZone, now.value)}`;
}

/**
 * The roster counts again from now on. It would end other arrangements too: beside those, the regular member stands in for the rest of
 * this one.
 */
async function endSubstitution(teamId: string, ended: Substitution, roll: Roll): Promise<void> {
  const { role, insteadOf, from, until } = ended;
  const others = substitutions(roll.memberships).filter((one) => one.role !== role || one.from !== from);
  if (insteadOf && others.length > 0) {
    const body = { role, member_id: insteadOf, from: aheadOrNow(from), until };
    await answered(api.POST("/v1/teams/{id}/substitutes", { params: { path: { id: teamId } }, body }));
    return;
  }
  await saveRoster(teamId, regulars(roll.memberships), others);
}
