import type { ComponentChildren } from "preact";
import { ALARMS } from "../../texts/console-alarms.ts";
import { t } from "../../texts/language.ts";
import { ALARM, ROLE } from "../../texts/words.ts";
import { clock, dayAndClock, span } from "../../ui/time.ts";
import { district, kindName } from "../model.ts";
import { now } from "../now.ts";
import type { Alarm } from "./alarms.ts";

/** One alarm: what it is about, since when, who looks at it. `named`: it says what is wrong, where no heading above it does. */
export function AlarmRow({
  alarm,
  named = false,
  children,
}: {
  alarm: Alarm;
  named?: boolean;
  children?: ComponentChildren;
}) {
  const zone = district.value?.time_zone ?? "UTC";
  const { acknowledged, escalate_at } = alarm;
  const age = Math.max(0, now.value.getTime() - Date.parse(alarm.raised_at));
  return (
    <li class="alarms__row">
      <div class="alarms__about">
        {named && <span class="alarms__named">{t(ALARM[alarm.what])}</span>}
        <About alarm={alarm} />
        <span class="alarms__quiet">
          {acknowledged
            ? t(ALARMS.takenBy, { name: acknowledged.name, time: dayAndClock(acknowledged.at, zone, now.value) })
            : t(ALARMS.since, { time: span(age) })}
          {alarm.level === "coordinator" && escalate_at && ` · ${t(ALARMS.next, { time: clock(escalate_at, zone) })}`}
        </span>
      </div>
      {children}
    </li>
  );
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
      <a class="alarms__link" href={`#/task/${task_id}`}>
        {text}
      </a>
    );
  if (team_id)
    return (
      <a class="alarms__link" href={`#/team/${team_id}`}>
        {[team, text].filter(Boolean).join(" · ")}
      </a>
    );
  return <span>{text}</span>;
}
