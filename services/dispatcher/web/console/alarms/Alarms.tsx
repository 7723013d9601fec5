import "./alarms.css";
import { useSignal } from "@preact/signals";
import { ALARMS } from "../../texts/console-alarms.ts";
import { t } from "../../texts/language.ts";
import { ALARM } from "../../texts/words.ts";
import { BellIcon } from "../../ui/icons.tsx";
import { sentence } from "../../ui/refusal.ts";
import { say } from "../../ui/toasts.tsx";
import { mayChange } from "../model.ts";
import { AlarmRow } from "./AlarmRow.tsx";
import { type Alarm, acknowledge, areCut, grouped, MOST_SHOWN } from "./alarms.ts";
import type { Group } from "./groups.ts";

const MOST_OF_A_GROUP = 2;

/** What somebody must look at, the highest level and the oldest first; below it what only teams know of, and what somebody looks at. */
export function Alarms() {
  const { open, withTeams, taken } = grouped.value;
  const count = open.reduce((sum, group) => sum + group.alarms.length, 0);
  return (
    <div class="alarms">
      <h3 class={count > 0 ? "alarms__heading" : "visually-hidden"}>
        <BellIcon /> {t(ALARMS.heading)}{" "}
        <span class="alarms__count" role="status">
          {t(ALARMS.count, { n: areCut.value ? `${count}+` : count })}
        </span>
      </h3>
      {open.map((group) => (
        <AlarmGroup key={`${group.level} ${group.what}`} group={group} />
      ))}
      {areCut.value && <p class="alarms__quiet">{t(ALARMS.cut, { n: MOST_SHOWN })}</p>}
      <Aside title={t(ALARMS.withTeams, { n: withTeams.length })} of={withTeams} />
      <Aside title={t(ALARMS.taken, { n: taken.length })} of={taken} />
    </div>
  );
}

function AlarmGroup({ group }: { group: Group<Alarm> }) {
  const all = useSignal(false);
  const hidden = group.alarms.length - MOST_OF_A_GROUP;
  const shown = all.value ? group.alarms : group.alarms.slice(0, MOST_OF_A_GROUP);
  const many = group.alarms.length;
  return (
    <div role="group" class={`alarms__group alarms__group--${group.level}`} aria-label={t(ALARM[group.what])}>
      <div class="alarms__head">
        <strong class="alarms__what">
          {t(ALARM[group.what])}
          {many > 1 && <span class="alarms__count">{many}</span>}
        </strong>
        {group.level === "lead" && <span class="badge badge--bad">{t(ALARMS.lead)}</span>}
        {mayChange.value && many > 1 && (
          <Press text={t(ALARMS.acknowledgeAll, { n: many })} ids={group.alarms.map(({ id }) => id)} />
        )}
      </div>
      <ul class="alarms__list">
        {shown.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm}>
            {mayChange.value && <Press text={t(ALARMS.acknowledge)} what={t(ALARM[alarm.what])} ids={[alarm.id]} />}
          </AlarmRow>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" class="alarms__more" aria-expanded={all.value} onClick={() => (all.value = !all.value)}>
          {all.value ? t(ALARMS.fewer) : t(ALARMS.more, { n: hidden })}
        </button>
      )}
    </div>
  );
}

function Press({ text, what, ids }: { text: string; what?: string; ids: readonly string[] }) {
  const busy = useSignal(false);
  const press = async () => {
    busy.value = true;
    try {
      await acknowledge(ids);
    } catch (error) {
      say(sentence(error), "bad");
    } finally {
      busy.value = false;
    }
  };
  return (
    <button
      type="button"
      class="button alarms__press"
      aria-label={what && t(ALARMS.acknowledgeOf, { what })}
      disabled={busy.value}
      onClick={() => void press()}
    >
      {text}
    </button>
  );
}

function Aside({ title, of }: { title: string; of: readonly Alarm[] }) {
  if (of.length === 0) return null;
  return (
    <details class="alarms__aside">
      <summary>{title}</summary>
      <ul class="alarms__list">
        {of.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} named />
        ))}
      </ul>
    </details>
  );
}
