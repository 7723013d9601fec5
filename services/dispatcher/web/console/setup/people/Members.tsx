import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { LIST } from "../../../texts/console-board.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { MEMBERS, SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { DUTY } from "../../../texts/words.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { type District, mayChange, teams } from "../../model.ts";
import { useAsked, useEvents } from "../asked.ts";
import { capabilityName, listed, roleName } from "../names.ts";
import { TableHead } from "../TableHead.tsx";
import { MemberForm } from "./MemberForm.tsx";
import { MemberLink } from "./MemberLink.tsx";

export type Member = Schemas["MemberOut"];

const A_PAGE = 50;

interface Wanted {
  q: string;
  role: string;
  inactive: boolean;
}

/** The people of the district: found, added, changed, logged in. */
export function Members({ district }: { district: District }) {
  const [wanted, setWanted] = useState<Wanted>({ q: "", role: "", inactive: false });
  const [pages, setPages] = useState(1);
  const [edited, setEdited] = useState<Member | "new" | null>(null);
  const [linked, setLinked] = useState<Member | null>(null);
  const asked = useAsked(() => search(district, wanted, pages), [district.id, wanted, pages]);
  useEvents(["member.changed", "member.suit_changed", "team.changed"], asked.again);
  const want = (change: Partial<Wanted>) => {
    setWanted({ ...wanted, ...change });
    setPages(1);
  };
  return (
    <>
      <div class="setup__tools">
        <MemberSearch district={district} wanted={wanted} want={want} />
        {mayChange.value && (
          <button type="button" class="button button--primary" onClick={() => setEdited("new")}>
            {t(MEMBERS.add)}
          </button>
        )}
      </div>
      <ProblemNote error={asked.error} />
      {asked.value && (
        <MemberTable members={asked.value.items} searching={Boolean(wanted.q)} edit={setEdited} link={setLinked} />
      )}
      {asked.value?.more && (
        <button type="button" class="button" onClick={() => setPages(pages + 1)}>
          {t(SETUP.more)}
        </button>
      )}
      {edited && (
        <MemberForm
          district={district}
          member={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={(saved, isNew) => {
            setEdited(null);
            asked.again();
            if (isNew && !saved.has_pin) setLinked(saved);
          }}
        />
      )}
      {linked && <MemberLink member={linked} timeZone={district.time_zone} onClose={() => setLinked(null)} />}
    </>
  );
}

async function search(district: District, { q, role, inactive }: Wanted, pages: number) {
  const items: Member[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < pages && cursor !== null; page++) {
    const query = {
      district: district.code,
      limit: A_PAGE,
      ...(q.trim() && { q: q.trim() }),
      ...(role && { role }),
      ...(!inactive && { active: true }),
      ...(cursor && { cursor }),
    };
    const found = await answered(api.GET("/v1/members", { params: { query } }));
    items.push(...found.items);
    cursor = found.next_cursor ?? null;
  }
  return { items, more: Boolean(cursor) };
}

interface SearchProps {
  district: District;
  wanted: Wanted;
  want: (change: Partial<Wanted>) => void;
}

function MemberSearch({ district, wanted, want }: SearchProps) {
  return (
    <search class="setup__search">
      <input
        type="search"
        class="setup__input"
        value={wanted.q}
        aria-label={`${t(SETUP.search)}: ${t(MEMBERS.searchHint)}`}
        placeholder={t(MEMBERS.searchHint)}
        onInput={(event) => want({ q: event.currentTarget.value })}
      />
      <select
        class="setup__input"
        aria-label={t(MEMBERS.role)}
        value={wanted.role}
        onChange={(event) => want({ role: event.currentTarget.value })}
      >
        <option value="">{t(LIST.any, { what: t(MEMBERS.role) })}</option>
        {district.slots.map((role) => (
          <option key={role} value={role}>
            {roleName(role)}
          </option>
        ))}
      </select>
      <label class="setup__check">
        <input
          type="checkbox"
          checked={wanted.inactive}
          onChange={(event) => want({ inactive: event.currentTarget.checked })}
        />
        {t(SETUP.alsoInactive)}
      </label>
    </search>
  );
}

interface TableProps {
  members: readonly Member[];
  searching: boolean;
  edit: (member: Member) => void;
  link: (member: Member) => void;
}

function MemberTable({ members, searching, edit, link }: TableProps) {
  if (members.length === 0) return <p class="setup__empty">{t(searching ? MEMBERS.notFound : MEMBERS.empty)}</p>;
  const codes = new Map([...teams.value.values()].flatMap((team) => team.members.map((m) => [m.member_id, team.code])));
  return (
    <table class="setup__table">
      <TableHead
        columns={[MEMBERS.name, MEMBERS.phone, MEMBERS.role, MEMBERS.capabilities, MEMBERS.team, MEMBERS.login]}
      />
      <tbody>
        {members.map((member) => (
          <MemberRow key={member.id} member={member} team={codes.get(member.id)} edit={edit} link={link} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  member: Member;
  team: string | undefined;
  edit: (member: Member) => void;
  link: (member: Member) => void;
}

function MemberRow({ member, team, edit, link }: RowProps) {
  return (
    <tr class={member.active ? "" : "setup__off"}>
      <th scope="row">
        {member.name} {!member.active && <span class="badge">{t(SETUP.inactive)}</span>}
      </th>
      <td data-label={t(MEMBERS.phone)} class="setup__number">
        {member.phone}
      </td>
      <td data-label={t(MEMBERS.role)}>{roleName(member.role)}</td>
      <td data-label={t(MEMBERS.capabilities)} class="setup__long">
        {listed(member.capabilities.map(capabilityName)) || <span class="setup__quiet">{t(SETUP.none)}</span>}
      </td>
      <td data-label={t(MEMBERS.team)}>
        {team ?? <span class="setup__quiet">{t(SETUP.none)}</span>}{" "}
        {team && member.duty !== "on" && <span class="badge badge--warn">{t(DUTY[member.duty])}</span>}{" "}
        {member.suit_since && <span class="badge badge--info">{t(REST.suit)}</span>}
      </td>
      <td data-label={t(MEMBERS.login)}>{t(member.has_pin ? MEMBERS.hasPin : MEMBERS.noPin)}</td>
      <td class="setup__actions">
        {mayChange.value && (
          <>
            <button
              type="button"
              class="button button--quiet"
              aria-label={t(SETUP.editOf, { name: member.name })}
              onClick={() => edit(member)}
            >
              {t(SETUP.edit)}
            </button>
            {member.active && (
              <button
                type="button"
                class="button button--quiet"
                aria-label={t(MEMBERS.qrOf, { name: member.name })}
                onClick={() => link(member)}
              >
                {t(MEMBERS.qr)}
              </button>
            )}
          </>
        )}
      </td>
    </tr>
  );
}
