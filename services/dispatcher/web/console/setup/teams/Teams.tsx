import { useState } from "preact/hooks";
import { SETUP, TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { DUTY } from "../../../texts/words.ts";
import { dayAndClock } from "../../../ui/time.ts";
import { type District, gridName, mayChange, type Team, teams } from "../../model.ts";
import { now } from "../../now.ts";
import { roleName } from "../names.ts";
import { People } from "./People.tsx";
import { TeamForm } from "./TeamForm.tsx";

/** The teams of the district: who is on them today, and what is missing. */
export function Teams({ district }: { district: District }) {
  const [q, setQ] = useState("");
  const [inactive, setInactive] = useState(false);
  const [edited, setEdited] = useState<Team | "new" | null>(null);
  const [peopled, setPeopled] = useState<string | null>(null);
  const shown = [...teams.value.values()]
    .filter((team) => (inactive || team.active) && matches(team, q))
    .sort((a, b) => a.code.localeCompare(b.code, undefined, { numeric: true }));
  const open = peopled ? teams.value.get(peopled) : undefined;
  return (
    <>
      <div class="setup__tools">
        <search class="setup__search">
          <input
            type="search"
            class="setup__input"
            value={q}
            aria-label={`${t(SETUP.search)}: ${t(TEAMS.searchHint)}`}
            placeholder={t(TEAMS.searchHint)}
            onInput={(event) => setQ(event.currentTarget.value)}
          />
          <label class="setup__check">
            <input type="checkbox" checked={inactive} onChange={(event) => setInactive(event.currentTarget.checked)} />
            {t(SETUP.alsoInactive)}
          </label>
        </search>
        {mayChange.value && (
          <button type="button" class="button button--primary" onClick={() => setEdited("new")}>
            {t(TEAMS.form)}
          </button>
        )}
      </div>
      {shown.length === 0 && <p class="setup__empty">{t(q ? TEAMS.notFound : TEAMS.empty)}</p>}
      <ul class="setup__cards">
        {shown.map((team) => (
          <TeamCard key={team.id} district={district} team={team} edit={setEdited} people={setPeopled} />
        ))}
      </ul>
      {edited && (
        <TeamForm
          district={district}
          team={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={(saved, isNew) => {
            setEdited(null);
            if (isNew) setPeopled(saved.id);
          }}
        />
      )}
      {open && <People district={district} team={open} onClose={() => setPeopled(null)} />}
    </>
  );
}

function matches(team: Team, q: string): boolean {
  const sought = q.trim().toLowerCase();
  return [team.code, team.name, ...team.members.map((member) => member.name)].some((text) =>
    text.toLowerCase().includes(sought),
  );
}

interface CardProps {
  district: District;
  team: Team;
  edit: (team: Team) => void;
  people: (id: string) => void;
}

function TeamCard({ district, team, edit, people }: CardProps) {
  const grid = gridName(team.home_grid_id);
  return (
    <li class={team.active ? "setup__card" : "setup__card setup__off"}>
      <div class="setup__card-head">
        <h2>
          <span class="setup__code">{team.code}</span> {team.name !== team.code && team.name}
        </h2>
        {!team.active && <span class="badge">{t(SETUP.inactive)}</span>}
        {team.shift ? (
          <span class="badge badge--good">
            {t(TEAMS.shiftUntil, { time: dayAndClock(team.shift.ends_at, district.time_zone, now.value) })}
          </span>
        ) : (
          <span class="badge">{t(TEAMS.noShift)}</span>
        )}
      </div>
      <p class="setup__quiet">
        {t(team.mode === "walk" ? TEAMS.walk : TEAMS.scooter)}
        {grid && ` · ${t(TEAMS.homeGridIs, { grid })}`}
      </p>
      <dl class="setup__slots">
        {slotsOf(district, team).map((role) => (
          <Slot key={role} role={role} team={team} timeZone={district.time_zone} />
        ))}
      </dl>
      <div class="setup__end">
        <button
          type="button"
          class="button"
          aria-label={t(TEAMS.peopleOf, { name: team.code })}
          onClick={() => people(team.id)}
        >
          {t(TEAMS.people)}
        </button>
        {mayChange.value && (
          <button
            type="button"
            class="button button--quiet"
            aria-label={t(SETUP.editOf, { name: team.code })}
            onClick={() => edit(team)}
          >
            {t(SETUP.edit)}
          </button>
        )}
      </div>
    </li>
  );
}

/** The district's slots, and those that are filled though the district has them no more. */
export function slotsOf(district: District, team: Team): string[] {
  return [...new Set([...district.slots, ...team.members.map((member) => member.role)])];
}

function Slot({ role, team, timeZone }: { role: string; team: Team; timeZone: string }) {
  const member = team.members.find((one) => one.role === role);
  return (
    <div>
      <dt>{roleName(role)}</dt>
      <dd>
        {member ? member.name : <span class="badge badge--bad">{t(TEAMS.missing)}</span>}{" "}
        {member && member.duty !== "on" && <span class="badge badge--warn">{t(DUTY[member.duty])}</span>}{" "}
        {member?.until && (
          <span class="badge badge--info">
            {t(TEAMS.untilShort, { time: dayAndClock(member.until, timeZone, now.value) })}
          </span>
        )}
      </dd>
    </div>
  );
}
