import "./alarms.css";
import { language, t } from "../../texts/language.ts";
import {
  ALARMS_ACKNOWLEDGED,
  ALARMS_OF_TEAM,
  DUE_AT,
  LOOKS_AT_IT,
  SEEN_IT,
  SEEN_IT_OF,
  SHOW_STOP,
} from "../../texts/phone-alarms.ts";
import { ALARM } from "../../texts/words.ts";
import { BellIcon } from "../../ui/icons.tsx";
import { go } from "../place.ts";
import { route } from "../route.ts";
import type { PhoneAlarm, Stop } from "../route-overlay.ts";
import { tell } from "./keeping.ts";
import { allNamed, atDay, roleName } from "./naming.ts";

/** What the team was told to look at, calmly: each with one press for whoever sees it first, also without a signal. */
export function Alarms() {
  const alarms = route.value?.alarms ?? [];
  const open = alarms.filter((one) => one.acknowledged_at === null);
  const taken = alarms.filter((one) => one.acknowledged_at !== null);
  if (alarms.length === 0) return null;
  return (
    <section class={open.length ? "alarms alarms--open" : "alarms"} aria-label={t(ALARMS_OF_TEAM)}>
      {open.length > 0 && (
        <ul class="plain alarms__list">
          {open.map((alarm) => (
            <li key={alarm.id} class="alarms__one">
              <Said alarm={alarm} />
              <button
                type="button"
                class="button"
                aria-label={t(SEEN_IT_OF, { what: t(ALARM[alarm.what]) })}
                onClick={() => void tell({ report: "acknowledge", alarm_id: alarm.id })}
              >
                {t(SEEN_IT)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {taken.length > 0 && (
        <details class="alarms__taken">
          <summary>{t(ALARMS_ACKNOWLEDGED, { n: taken.length })}</summary>
          <ul class="plain alarms__list">
            {taken.map((alarm) => (
              <li key={alarm.id} class="alarms__one">
                <Said alarm={alarm} />
                {alarm.acknowledged_by && <span class="quiet">{t(LOOKS_AT_IT, { name: alarm.acknowledged_by })}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Said({ alarm }: { alarm: PhoneAlarm }) {
  const stop = route.value?.stops.find(({ tasks }) => tasks.some(({ id }) => id === alarm.task_id));
  const where = [alarm.role && roleName(alarm.role), stop && doorOf(stop, alarm)].filter(Boolean);
  return (
    <span class="alarms__said">
      <strong>
        <BellIcon /> {t(ALARM[alarm.what])}
      </strong>
      {where.length > 0 && <span>{where.join(language.value === "zh" ? "，" : ", ")}</span>}
      {alarm.due_at && <span class="quiet">{t(DUE_AT, { time: atDay(alarm.due_at) })}</span>}
      {stop && (
        <button type="button" class="alarms__go" onClick={() => go("route", "stop", stop.key)}>
          {t(SHOW_STOP)}
        </button>
      )}
    </span>
  );
}

function doorOf(stop: Stop, alarm: PhoneAlarm): string {
  const task = stop.tasks.find(({ id }) => id === alarm.task_id);
  return stop.address || task?.subject?.name || allNamed(task ? [task.names] : []);
}
