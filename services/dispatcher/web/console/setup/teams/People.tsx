import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { SETUP, TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import type { District, Team } from "../../model.ts";
import { useAsked, useEvents } from "../asked.ts";
import { Roster } from "./Roster.tsx";
import type { Membership } from "./roster.ts";
import { Substitutes } from "./Substitutes.tsx";

export interface Roll {
  readonly memberships: readonly Membership[];
  /** Member id → name. */
  readonly names: ReadonlyMap<string, string>;
}

/** Who is on a team until further notice, and who stands in from when to when. */
export function People({ district, team, onClose }: { district: District; team: Team; onClose: () => void }) {
  const asked = useAsked(() => call(team), [team.id]);
  const [saved, setSaved] = useState(0);
  useEvents(["team.changed", "member.changed"], asked.again);
  const reload = () => {
    setSaved(saved + 1);
    asked.again();
  };
  return (
    <Dialog title={t(TEAMS.peopleOf, { name: team.code })} onClose={onClose} wide>
      <div class="stack">
        <ProblemNote error={asked.error} />
        {!asked.value && !asked.error && <p>{t(SETUP.loading)}</p>}
        {asked.value && (
          <>
            <Roster key={saved} district={district} team={team} roll={asked.value} onSaved={reload} />
            <Substitutes district={district} team={team} roll={asked.value} onSaved={reload} />
          </>
        )}
      </div>
    </Dialog>
  );
}

async function call(team: Team): Promise<Roll> {
  const path = { id: team.id };
  const { items: memberships } = await answered(api.GET("/v1/teams/{id}/members", { params: { path } }));
  const names = new Map(team.members.map((member) => [member.member_id, member.name]));
  const unknown = new Set(memberships.map(({ member_id }) => member_id).filter((id) => !names.has(id)));
  for (const id of unknown) {
    const member = await answered(api.GET("/v1/members/{id}", { params: { path: { id } } }));
    names.set(id, member.name);
  }
  return { memberships, names };
}
