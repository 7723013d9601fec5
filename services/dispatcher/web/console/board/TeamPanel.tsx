import "./team.css";
import type { ComponentChildren } from "preact";
import { TEAM } from "../../texts/console-board.ts";
import { REST } from "../../texts/console-rosters.ts";
import { listed, t } from "../../texts/language.ts";
import { DUTY, ROLE } from "../../texts/words.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { dayAndClock, span } from "../../ui/time.ts";
import { EndOfShift } from "../handover/EndOfShift.tsx";
import { district, gridName, overview, type Team, type TeamGlance, teams } from "../model.ts";
import { now } from "../now.ts";
import { lookAt, narrow, view } from "./board.ts";
import { NO_FILTER } from "./filter.ts";
import { TeamRoute } from "./TeamRoute.tsx";
import { useRoute } from "./useRoute.ts";

/** How a team stands: who is on it, what it lacks, how loaded it is, and its walk. */
export function TeamPanel({ id }: { id: string }) {
  const team = teams.value.get(id);
  const glance = overview.value?.teams.find(({ team_id }) => team_id === id);
  const { route, error } = useRoute(id);
  if (!team) return teams.value.size ? <p class="notice notice--info">{t(TEAM.gone)}</p> : null;
  return (
    <article class="team" aria-labelledby="team-heading">
      <header>
        <h2 id="team-heading" class="team__heading">
          {t(TEAM.heading, { code: team.code })}
          {team.name !== team.code && <span class="team__name">{team.name}</span>}
        </h2>
        <p class="team__shift">{shiftOf(team, glance)}</p>
      </header>
      {glance && glance.roles_missing.length > 0 && (
        <p class="notice notice--bad">{t(TEAM.missing, { roles: listed(glance.roles_missing.map(roleName)) })}</p>
      )}
      {glance?.kept_off.map(({ member_id, role, until }) => (
        <p key={member_id} class="notice notice--warn">
          {t(REST.keptOff, {
            role: roleName(role),
            until: dayAndClock(until, district.value?.time_zone ?? "UTC", now.value),
          })}
        </p>
      ))}
      {glance && <Standing glance={glance} team={team} />}
      <div class="row">
        <button type="button" class="button" onClick={() => showTasks(id)}>
          {t(TEAM.showTasks)}
        </button>
        {glance?.place && (
          <button type="button" class="button" onClick={() => showPlace(glance)}>
            {t(TEAM.onMap)}
          </button>
        )}
      </div>
      <Members team={team} />
      <EndOfShift key={id} of={{ team: id }} />
      <h3>{t(TEAM.route)}</h3>
      <ProblemNote error={error} />
      {route && <TeamRoute route={route} />}
    </article>
  );
}

function Standing({ glance, team }: { glance: TeamGlance; team: Team }) {
  const zone = district.value?.time_zone ?? "UTC";
  return (
    <dl class="team__facts">
      <Fact word={t(TEAM.load)}>{glance.tasks}</Fact>
      <Fact word={t(TEAM.late)} bad={glance.late > 0}>
        {glance.late}
      </Fact>
      {glance.free_at && <Fact word={t(TEAM.freeAt)}>{dayAndClock(glance.free_at, zone, now.value)}</Fact>}
      {glance.visits_left !== null && <Fact word={t(TEAM.visitsLeft)}>{glance.visits_left}</Fact>}
      <Fact word={t(TEAM.heard)} bad={glance.silent}>
        {glance.heard_at ? ago(now.value.getTime() - Date.parse(glance.heard_at)) : t(TEAM.never)}
      </Fact>
      {glance.place_age_s !== null && <Fact word={t(TEAM.place)}>{ago(glance.place_age_s * 1000)}</Fact>}
      {team.home_grid_id && <Fact word={t(TEAM.home)}>{gridName(team.home_grid_id)}</Fact>}
    </dl>
  );
}

function Fact({ word, bad = false, children }: { word: string; bad?: boolean; children: ComponentChildren }) {
  return (
    <div class="team__fact">
      <dt>{word}</dt>
      <dd class={bad ? "team__bad" : undefined}>{children}</dd>
    </div>
  );
}

function Members({ team }: { team: Team }) {
  if (!team.members.length) return <p class="team__quiet">{t(TEAM.nobody)}</p>;
  return (
    <>
      <h3>{t(TEAM.members)}</h3>
      <ul class="team__members">
        {team.members.map((member) => (
          <li key={member.member_id}>
            <span class="team__member">{member.name}</span>
            <span class="team__quiet">{roleName(member.role)}</span>
            <span class={`badge badge--${member.duty === "on" ? "good" : "warn"}`}>{t(DUTY[member.duty])}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function shiftOf(team: Team, glance: TeamGlance | undefined): string {
  const zone = district.value?.time_zone ?? "UTC";
  const way = t(team.mode === "walk" ? TEAM.walk : TEAM.scooter);
  if (!glance?.shift_ends) return `${t(TEAM.offShift)} · ${way}`;
  const time = dayAndClock(glance.shift_ends, zone, now.value);
  return `${t(glance.on_shift ? TEAM.onShift : TEAM.nextShift, { time })} · ${way}`;
}

function ago(ms: number): string {
  return ms < 60_000 ? t(TEAM.justNow) : t(TEAM.ago, { time: span(ms) });
}

function roleName(role: string): string {
  return role in ROLE ? t(ROLE[role as keyof typeof ROLE]) : role;
}

function showTasks(team: string): void {
  narrow({ ...NO_FILTER, team });
  view.value = "list";
}

function showPlace({ place }: TeamGlance): void {
  lookAt.value = place;
  view.value = "map";
}
