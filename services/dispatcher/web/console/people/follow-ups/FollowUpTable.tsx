import type { Schemas } from "../../../api/client.ts";
import { FOLLOW_UPS, ONE } from "../../../texts/console-follow-ups.ts";
import { FOLLOW_UP_STATUS } from "../../../texts/console-people.ts";
import { named, t } from "../../../texts/language.ts";
import { dayAndClock } from "../../../ui/time.ts";
import { now } from "../../now.ts";
import { dayOfPlan, lackingWords, personName, protocolName, TONE } from "./words.ts";

type Listed = Schemas["FollowUpListed"];

const COLUMNS = [FOLLOW_UPS.person, FOLLOW_UPS.day, FOLLOW_UPS.missing, FOLLOW_UPS.next, FOLLOW_UPS.status] as const;

/** A row a follow-up: the person, how far it is, what is missing today, what comes next. */
export function FollowUpTable({ followUps, zone }: { followUps: readonly Listed[]; zone: string }) {
  return (
    <table class="setup__table">
      <thead>
        <tr>
          {COLUMNS.map((text) => (
            <th key={text.en} scope="col">
              {t(text)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {followUps.map((one) => (
          <Row key={one.follow_up_id} one={one} zone={zone} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ one, zone }: { one: Listed; zone: string }) {
  return (
    <tr>
      <th scope="row" class="people__name">
        <a href={`#/people/follow-ups/${one.follow_up_id}`}>{personName(one.subject)}</a>
        <span class="people__sub">{one.household?.address || t(ONE.noHome)}</span>
      </th>
      <td data-label={t(FOLLOW_UPS.day)}>
        <div>
          {dayOfPlan({ ...one, today: one.on_day })}
          <span class="people__sub">{protocolName(one.protocol_names, one.protocol)}</span>
        </div>
      </td>
      <td data-label={t(FOLLOW_UPS.missing)} class="setup__long">
        <Missing one={one} />
      </td>
      <td data-label={t(FOLLOW_UPS.next)} class="setup__long">
        <div>
          <Next next={one.next} zone={zone} />
        </div>
      </td>
      <td data-label={t(FOLLOW_UPS.status)}>
        <div class="row">
          <span class={`badge badge--${TONE[one.status]}`}>{t(FOLLOW_UP_STATUS[one.status])}</span>
          {one.missed > 0 && <span class="badge badge--bad">{t(FOLLOW_UPS.missed, { n: one.missed })}</span>}
        </div>
      </td>
    </tr>
  );
}

function Missing({ one }: { one: Listed }) {
  const lacking = one.status === "under_follow_up" ? lackingWords(one.items) : [];
  if (lacking.length === 0)
    return <span class="setup__quiet">{one.status === "under_follow_up" ? t(FOLLOW_UPS.nothingMissing) : "–"}</span>;
  return (
    <span class="people__badges">
      {lacking.map((word) => (
        <span key={word} class="badge badge--warn">
          {word}
        </span>
      ))}
    </span>
  );
}

/** What comes next and when; a link where its task is made. */
export function Next({ next, zone }: { next: Listed["next"]; zone: string }) {
  if (!next) return <span class="setup__quiet">{t(FOLLOW_UPS.noNext)}</span>;
  const kind = named(next.names);
  return (
    <>
      <time dateTime={next.opens_at}>{dayAndClock(next.opens_at, zone, now.value)}</time>{" "}
      {next.task_id ? <a href={`#/task/${next.task_id}`}>{kind}</a> : kind}
    </>
  );
}
