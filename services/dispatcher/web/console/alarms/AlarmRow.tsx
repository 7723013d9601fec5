import type { ComponentChildren } from "preact";
import { ALARMS } from "../../texts/console-alarms.ts";
import { t } from "../../texts/language.ts";
import { ALARM, ROLE } from "../../texts/words.ts";
import { clock, dayAndClock, span, untilDue } from "../../ui/time.ts";
import { district, kindName } from "../model.ts";
import { now } from "../now.ts";
import type { Alarm } from "./alarms.ts";

interface AlarmRowProps {
  alarm: Alarm;
  /** It says what is wrong, where no heading above it does. */
  named?: boolean;
  children?: ComponentChildren;
}

/** One alarm: what it is about, since when, who looks at it. */
export function AlarmRow({ alarm, named = false, children }: AlarmRowProps) {
  const zone = district.value?.time_zone ?? "UTC";
  const { acknowledged, escalate_at } = alarm;
  const next = alarm.level === "coordinator" && escalate_at && t(ALARMS.next, { time: clock(escalate_at, zone) });
  return (
    <li class="alarms__row">
      {named && <span class="alarms__named">{t(ALARM[alarm.what])}</span>}
      <About alarm={alarm} />
      <span class="alarms__quiet" title={next || undefined}>
        {acknowledged
          ? t(ALARMS.takenBy, { name: acknowledged.name, time: dayAndClock(acknowledged.at, zone, now.value) })
          : sinceWhen(alarm)}
      </span>
      {children}
    </li>
  );
}

/** Of a task until it is due, or since; else how long the alarm stands. */
function sinceWhen({ due_at, raised_at, what }: Alarm): string {
  if (due_at && (what === "overdue" || what === "due_soon")) return untilDue(due_at, now.value);
  const age = now.value.getTime() - Date.parse(raised_at);
  return age < 60_000 ? t(ALARMS.justNow) : t(ALARMS.since, { time: span(age) });
}

function About({ alarm }: { alarm: Alarm }) {
  const { task_id, team_id, kind, address, team, subject_name, member_name, data } = alarm;
  const role = typeof data.role === "string" ? data.role : null;
  const words = [
    role && (role in ROLE ? t(ROLE[role as "doctor"]) : role),
    member_name,
    address || subject_name,
    kind && kindName(kind),
    task_id ? team : null,
  ].filter(Boolean);
  const text = words.join(" · ");
  if (task_id)
    return (
      <a class="alarms__link" href={`#/task/${task_id}`} title={text}>
        {text}
      </a>
    );
  if (team_id)
    return (
      <a class="alarms__link" href={`#/team/${team_id}`}>
        {[team, text].filter(Boolean).join(" · ")}
      </a>
    );
  return <span class="alarms__link">{text}</span>;
}
