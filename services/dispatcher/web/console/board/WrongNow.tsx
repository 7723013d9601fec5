import "./wrong.css";
import { useSignal } from "@preact/signals";
import { WRONG } from "../../texts/console-board.ts";
import { listed, t } from "../../texts/language.ts";
import { ROLE, WAITING } from "../../texts/words.ts";
import { CheckIcon } from "../../ui/icons.tsx";
import { span } from "../../ui/time.ts";
import { Alarms } from "../alarms/Alarms.tsx";
import { grouped } from "../alarms/alarms.ts";
import { overview, type TeamGlance } from "../model.ts";
import { now } from "../now.ts";
import { filter, only, wrongNow } from "./board.ts";
import type { TaskProblem, TeamProblem } from "./problems.ts";

const MOST_TEAMS = 6;

/** What is wrong now, worst first; each row leads to what it is about. */
export function WrongNow() {
  const { wrong, calm } = wrongNow.value;
  const waiting = [...calm].map(([reason, n]) => `${n} ${t(WAITING[reason as keyof typeof WAITING])}`).join(" · ");
  return (
    <section class="wrong" aria-labelledby="wrong-heading" id="wrong">
      <h2 id="wrong-heading" class="wrong__heading" tabIndex={-1}>
        {t(WRONG.heading)}
      </h2>
      <Alarms />
      {wrong.length > 0 && (
        <ul class="wrong__list">
          {wrong.map((one) => (
            <li key={one.what}>{one.about === "tasks" ? <OfTasks one={one} /> : <OfTeams one={one} />}</li>
          ))}
        </ul>
      )}
      {wrong.length === 0 && grouped.value.open.length === 0 && overview.value && (
        <p class="wrong__calm">
          <CheckIcon />
          <span>
            <strong>{t(WRONG.nothing)}</strong> {t(WRONG.nothingMore)}
          </span>
        </p>
      )}
      {waiting && <p class="wrong__aside">{t(WRONG.calm, { what: waiting })}</p>}
    </section>
  );
}

function OfTasks({ one }: { one: TaskProblem }) {
  const chosen = Object.entries(one.filter).every(([name, value]) => filter.value[name as "due"] === value);
  return (
    <button type="button" class="wrong__row" aria-pressed={chosen} onClick={() => only(one.filter)}>
      <Count bad={one.bad} n={one.count} />
      {t(WRONG[one.what])}
    </button>
  );
}

function OfTeams({ one }: { one: TeamProblem }) {
  const all = useSignal(false);
  const shown = all.value ? one.teams : one.teams.slice(0, MOST_TEAMS);
  const hidden = one.count - MOST_TEAMS;
  return (
    <div class="wrong__row wrong__row--teams">
      <Count bad={one.bad} n={one.count} />
      <div>
        <span>{t(WRONG[one.what])}</span>
        <ul class="wrong__teams">
          {shown.map((team) => (
            <li key={team.team_id}>
              <a href={`#/team/${team.team_id}`} class="wrong__team">
                {team.code} <span class="wrong__why">{whyOf(one.what, team)}</span>
              </a>
            </li>
          ))}
          {hidden > 0 && (
            <li>
              <button
                type="button"
                class="wrong__more"
                aria-expanded={all.value}
                onClick={() => (all.value = !all.value)}
              >
                {all.value ? t(WRONG.fewer) : t(WRONG.more, { n: hidden })}
              </button>
            </li>
          )}
        </ul>
      </div>
    </div>
  );
}

function Count({ n, bad }: { n: number; bad: boolean }) {
  return <span class={bad ? "wrong__count wrong__count--bad" : "wrong__count"}>{n}</span>;
}

function whyOf(what: TeamProblem["what"], team: TeamGlance): string {
  if (what === "short")
    return listed(team.roles_missing.map((role) => (role in ROLE ? t(ROLE[role as "doctor"]) : role)));
  if (what === "late") return t(WRONG.team_late, { n: team.late });
  return team.heard_at ? span(now.value.getTime() - Date.parse(team.heard_at)) : t(WRONG.never_heard);
}
