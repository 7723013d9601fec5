import { t } from "../../texts/language.ts";
import {
  ACCESS,
  CALL,
  CALL_WHOM,
  GONE,
  NAVIGATE,
  NO_ADDRESS,
  NOT_BEFORE,
  PEOPLE,
  PLANNED_AT,
  PLANNED_LATE,
  WALK,
  WARNINGS,
  WHAT_TO_DO,
} from "../../texts/phone-views.ts";
import { KeyIcon, NavigateIcon, PhoneIcon } from "../../ui/icons.tsx";
import { span } from "../../ui/time.ts";
import type { Stop } from "../route-overlay.ts";
import { addressParts } from "./address.ts";
import { Due } from "./Due.tsx";
import { dueOf, isCall, opensOf, type Person, peopleOf, plannedLate } from "./doors.ts";
import { at, atDay, flagName } from "./naming.ts";
import { TaskItem } from "./TaskItem.tsx";
import { useNow } from "./useNow.ts";

/** A stop, whole: when, where, who, what to do, how to get in. */
export function Door({ stop }: { stop: Stop }) {
  const people = peopleOf(stop);
  return (
    <div class="door">
      <Times stop={stop} />
      {!isCall(stop) && <Place stop={stop} />}
      {people.length > 0 && (
        <section aria-label={t(PEOPLE)} class="door__people">
          {people.map((person) => (
            <PersonRow key={`${person.name} ${person.phone}`} person={person} prominent={isCall(stop)} />
          ))}
        </section>
      )}
      <section class="door__tasks">
        <h2 class="door__heading">{t(WHAT_TO_DO)}</h2>
        <ul class="plain">
          {stop.tasks.map((task) => (
            <TaskItem key={task.id} task={task} people={people.length} />
          ))}
        </ul>
      </section>
      {stop.access_notes && (
        <section class="notice notice--info door__access">
          <h2 class="door__heading">
            <KeyIcon /> {t(ACCESS)}
          </h2>
          <p class="said">{stop.access_notes}</p>
        </section>
      )}
      <Warnings stop={stop} />
    </div>
  );
}

function Times({ stop }: { stop: Stop }) {
  const due = dueOf(stop);
  const opens = opensOf(stop, useNow(15_000));
  const late = plannedLate(stop);
  return (
    <div class="door__times">
      {due && <Due at={due} />}
      {opens && <p class="due due--soon">{t(NOT_BEFORE, { time: atDay(opens) })}</p>}
      <p class="door__planned">
        {t(PLANNED_AT, { time: at(stop.arrive_at) })}
        {stop.travel_s >= 60 && !isCall(stop) && <span>{t(WALK, { time: span(stop.travel_s * 1000) })}</span>}
        {late > 0 && <span class="badge badge--bad">{t(PLANNED_LATE, { time: span(late) })}</span>}
      </p>
    </div>
  );
}

function Place({ stop }: { stop: Stop }) {
  const { street, unit } = addressParts(stop.address);
  return (
    <div class="door__place">
      <p class="door__address">
        <span class="door__street">{street || t(NO_ADDRESS)}</span>
        {unit && <strong class="door__unit">{unit}</strong>}
      </p>
      {stop.lat !== null && stop.lon !== null && (
        <a class="button door__beside" href={geoLink(stop.lat, stop.lon, stop.address)}>
          <NavigateIcon /> {t(NAVIGATE)}
        </a>
      )}
    </div>
  );
}

/** RFC 5870, with the query that map apps understand: the point, named. */
function geoLink(lat: number, lon: number, address: string): string {
  return `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(address)})`;
}

function PersonRow({ person, prominent }: { person: Person; prominent: boolean }) {
  return (
    <div class="person">
      <div class="person__who">
        <strong class={prominent ? "door__unit" : "person__name"}>{person.name}</strong>
        {person.flags.length > 0 && (
          <ul class="plain row">
            {person.flags.map((flag) => (
              <li key={flag.name} class="badge badge--warn">
                {flagName(flag)}
              </li>
            ))}
          </ul>
        )}
      </div>
      {person.phone && (
        <a
          class={prominent ? "button button--primary door__call" : "button door__beside"}
          href={`tel:${person.phone.replace(/[^+\d*#]/g, "")}`}
          aria-label={prominent ? undefined : t(CALL_WHOM, { name: person.name })}
        >
          <PhoneIcon /> {prominent ? `${t(CALL)} ${person.phone}` : t(CALL)}
        </a>
      )}
    </div>
  );
}

function Warnings({ stop }: { stop: Stop }) {
  const known = Object.entries(WARNINGS).filter(([code]) => stop.tasks.some((task) => task.warnings.includes(code)));
  const gone = stop.tasks.some((task) => task.gone);
  return (
    <>
      {gone && <p class="notice notice--warn">{t(GONE)}</p>}
      {known.map(([code, text]) => (
        <p key={code} class="notice notice--warn">
          {t(text)}
        </p>
      ))}
    </>
  );
}
