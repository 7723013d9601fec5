import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { MEMBERS, SETUP, TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { type District, teams } from "../../model.ts";
import { useAsked } from "../asked.ts";
import { capabilityName, roleName } from "../names.ts";
import type { Member } from "../people/Members.tsx";

interface MemberChoiceProps {
  district: District;
  role: string;
  /** When they should be free; undefined: no matter. */
  free?: { from: string; until: string } | undefined;
  choose: (member: Member) => void;
}

const SHOWN = 30;

/** Finds a member for a slot: those of its role first of all, by name or phone, and says where each is now. */
export function MemberChoice({ district, role, free, choose }: MemberChoiceProps) {
  const [q, setQ] = useState("");
  const [anyRole, setAnyRole] = useState(false);
  const [onlyFree, setOnlyFree] = useState(true);
  const span = onlyFree ? free : undefined;
  const asked = useAsked(() => {
    const query = {
      district: district.code,
      active: true,
      limit: SHOWN,
      ...(q.trim() && { q: q.trim() }),
      ...(!anyRole && { role }),
      ...(span && { free_from: span.from, free_until: span.until }),
    };
    return answered(api.GET("/v1/members", { params: { query } }));
  }, [district.code, q, role, anyRole, span?.from, span?.until]);
  return (
    <div class="setup__choice">
      <div class="setup__search">
        <input
          type="search"
          class="setup__input"
          value={q}
          aria-label={`${t(TEAMS.chooseFor, { role: roleName(role) })}: ${t(MEMBERS.searchHint)}`}
          placeholder={t(MEMBERS.searchHint)}
          onInput={(event) => setQ(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        />
        <label class="setup__check">
          <input type="checkbox" checked={anyRole} onChange={(event) => setAnyRole(event.currentTarget.checked)} />
          {t(TEAMS.allRoles)}
        </label>
        {free && (
          <label class="setup__check">
            <input type="checkbox" checked={onlyFree} onChange={(event) => setOnlyFree(event.currentTarget.checked)} />
            {t(REST.onlyFree)}
          </label>
        )}
      </div>
      <ProblemNote error={asked.error} />
      {asked.value?.items.length === 0 && <p class="setup__quiet">{t(span ? REST.nobodyFree : TEAMS.noPeople)}</p>}
      <ul class="setup__options">
        {asked.value?.items.map((member) => (
          <li key={member.id}>
            <button type="button" class="setup__option" onClick={() => choose(member)}>
              <strong>{member.name}</strong> <span class="setup__number">{member.phone}</span>
              <span class="setup__quiet">{whereabouts(member, role)}</span>
            </button>
          </li>
        ))}
      </ul>
      {asked.value?.next_cursor && <p class="setup__quiet">{t(SETUP.search)}…</p>}
    </div>
  );
}

function whereabouts(member: Member, role: string): string {
  const team = [...teams.value.values()].find((one) => one.members.some(({ member_id }) => member_id === member.id));
  return [
    team ? t(TEAMS.onTeam, { code: team.code }) : t(TEAMS.free),
    ...(member.role === role ? [] : [t(TEAMS.otherRole, { role: roleName(member.role) })]),
    ...member.capabilities.map(capabilityName),
  ].join(" · ");
}
