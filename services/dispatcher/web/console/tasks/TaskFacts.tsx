import type { ComponentChildren } from "preact";
import { EDIT, TASK } from "../../texts/console-tasks.ts";
import { language, t } from "../../texts/language.ts";
import { STATUS } from "../../texts/words.ts";
import { PhoneIcon } from "../../ui/icons.tsx";
import { clock, dayAndClock, span, untilDue } from "../../ui/time.ts";
import { district, gridName, isClosed, kindName, teamName } from "../model.ts";
import { now } from "../now.ts";
import type { Task } from "./useTask.ts";
import { capabilityName, flagWords, listed, priorityName, roleName } from "./words.ts";

const SOON_MS = 30 * 60_000;
const TONES: Record<string, string> = {
  pending: "warn",
  assigned: "info",
  accepted: "info",
  in_progress: "info",
  completed: "good",
  not_executable: "bad",
  cancelled: "",
  expired: "bad",
};

export const zoneOf = () => district.value?.time_zone ?? "UTC";

/** A time, with the day where it is not today's. */
export function At({ at }: { at: string }) {
  return <time dateTime={at}>{dayAndClock(at, zoneOf(), now.value)}</time>;
}

export function TaskHead({ task }: { task: Task }) {
  const team = teamName(task.team_id) || task.assignment?.team_code;
  return (
    <header class="task__head">
      <h2 id="task-title">{kindName(task.kind)}</h2>
      <div class="row">
        <span class={`badge badge--${TONES[task.status]}`}>{t(STATUS[task.status])}</span>
        {team && <span class="badge">{team}</span>}
        {task.assignment?.pinned && <span class="badge">{t(TASK.pinned)}</span>}
        {task.channel === "phone" && (
          <span class="badge">
            <PhoneIcon /> {t(TASK.call)}
          </span>
        )}
        {task.priority >= 4 && !isClosed(task.status) && (
          <span class={`badge badge--${task.priority === 5 ? "bad" : "warn"}`}>{priorityName(task.priority)}</span>
        )}
        <Countdown task={task} />
      </div>
    </header>
  );
}

function Countdown({ task }: { task: Task }) {
  if (task.closed_at)
    return <span class="task__quiet">{t(TASK.closed, { at: dayAndClock(task.closed_at, zoneOf(), now.value) })}</span>;
  const left = new Date(task.due_at).getTime() - now.value.getTime();
  const tone = left < 0 ? "bad" : left < SOON_MS ? "warn" : "";
  return <span class={`badge badge--${tone}`}>{untilDue(task.due_at, now.value)}</span>;
}

/** Why it waits, or why this team has it. */
export function TaskWhy({ task }: { task: Task }) {
  const said = task.why ?? task.assignment?.why;
  if (!said) return null;
  const waits = Boolean(task.why);
  return (
    <section class={`notice ${waits ? "notice--warn" : ""} task__why`}>
      <h3>{t(waits ? TASK.whyWaits : TASK.whyTeam)}</h3>
      <p>{said[language.value]}</p>
    </section>
  );
}

/** Name and value, left out where there is none. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === "" || children === null || children === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

export function TaskFacts({ task }: { task: Task }) {
  const needs = listed([...task.roles.map(roleName), ...task.capabilities.map(capabilityName)]);
  const made = task.made_by_task_id;
  return (
    <dl class="task__facts">
      <Fact name={t(TASK.window)}>
        <At at={task.earliest} /> – <DueAt task={task} />
      </Fact>
      <Fact name={t(TASK.priority)}>{priorityName(task.priority)}</Fact>
      <Fact name={t(TASK.needs)}>{needs}</Fact>
      <Fact name={t(TASK.takes)}>{span(task.service_s * 1000)}</Fact>
      <Fact name={t(TASK.caller)}>{callerOf(task)}</Fact>
      <Fact name={t(TASK.attempts)}>
        {task.attempts > 0 ? t(TASK.attemptsOf, { n: task.attempts, most: task.max_attempts }) : ""}
      </Fact>
      <Fact name={t(TASK.instructions)}>{task.instructions}</Fact>
      <Fact name={t(TASK.reference)}>{task.ref}</Fact>
      {made && (
        <Fact name={t(EDIT.origin)}>
          {t(TASK.made)} <a href={`#/task/${made}`}>{t(TASK.openMaker)}</a>
        </Fact>
      )}
    </dl>
  );
}

/** Of a call that a team has who makes it, by name and role; whoever may read no names sees the role. */
function callerOf({ assignment, people }: Task): string {
  const member = assignment?.members.find(({ member_id }) => member_id === assignment.caller_id);
  if (!member) return "";
  const name = people[member.member_id];
  const role = roleName(member.role);
  return name ? t(TASK.callerOf, { name, role }) : role;
}

/** Only the clock where it is due on the day on which it opens. */
function DueAt({ task }: { task: Task }) {
  const zone = zoneOf();
  const same = dayAndClock(task.due_at, zone, new Date(task.earliest)) === clock(task.due_at, zone);
  return same ? <time dateTime={task.due_at}>{clock(task.due_at, zone)}</time> : <At at={task.due_at} />;
}

/** When it is due, and how long that is. */
export function DueLine({ task }: { task: { due_at: string } }) {
  return (
    <span>
      {t(TASK.due)} <At at={task.due_at} /> ({untilDue(task.due_at, now.value)})
    </span>
  );
}

/** Says that the person, the door and what was found are gone. */
export function TaskRedacted({ task }: { task: Task }) {
  if (!task.redacted_at) return null;
  const days = district.value?.settings.retention_days ?? "";
  return <p class="notice notice--info">{t(TASK.redacted, { n: days })}</p>;
}

export function TaskPlace({ task }: { task: Task }) {
  const door = task.household;
  if (task.redacted_at || (!door && task.lat === null && task.channel === "phone")) return null;
  const grid = gridName(task.grid_id);
  return (
    <section>
      <h3>{t(TASK.place)}</h3>
      <p class="task__address">{door?.address || t(TASK.noAddress)}</p>
      {door?.access_notes && <p>{door.access_notes}</p>}
      <p class="task__quiet">
        {task.lat === null ? t(TASK.noPoint) : grid ? `${t(TASK.grid)} ${grid}` : t(TASK.outside)}
        {door?.ref && ` · ${t(TASK.copyLink, { ref: door.ref })}`}
      </p>
    </section>
  );
}

export function TaskPerson({ task }: { task: Task }) {
  const person = task.subject;
  if (!person) return null;
  const flags = flagWords(person.flags);
  return (
    <section>
      <h3>{t(TASK.person)}</h3>
      <p class="task__person">
        <span>{person.name || t(TASK.noPerson)}</span>
        {person.phone && <a href={`tel:${person.phone.replaceAll(/[^+\d]/g, "")}`}>{person.phone}</a>}
      </p>
      {flags.length > 0 && <p class="task__quiet">{listed(flags)}</p>}
      {person.ref && <p class="task__quiet">{t(TASK.copyLink, { ref: person.ref })}</p>}
    </section>
  );
}
