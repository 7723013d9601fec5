import type { ComponentChildren } from "preact";
import type { Schemas } from "../../../api/client.ts";
import { FOLLOW_UPS, ONE } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { dayAndClock } from "../../../ui/time.ts";
import { now } from "../../now.ts";
import { flagWords, listed } from "../../tasks/words.ts";
import { Day } from "../Day.tsx";
import { Next } from "./FollowUpTable.tsx";
import { PlanSaid } from "./PlanSaid.tsx";
import { endWords } from "./words.ts";

type Detail = Schemas["FollowUpDetail"];

/** Who it is, what is due, and how it stands. */
export function Facts({ followUp, zone }: { followUp: Detail; zone: string }) {
  const { subject, household } = followUp;
  const at = (moment: string) => dayAndClock(moment, zone, now.value);
  const flags = flagWords(subject.flags);
  return (
    <dl class="people__facts">
      {subject.phone && (
        <Fact name={t(ONE.call)}>
          <a href={`tel:${subject.phone.replaceAll(/[^+\d]/g, "")}`}>{subject.phone}</a>
        </Fact>
      )}
      <Fact name={t(ONE.home)}>{household?.address || t(ONE.noHome)}</Fact>
      {flags.length > 0 && <Fact name={t(ONE.flags)}>{listed(flags)}</Fact>}
      <Fact name={t(ONE.period)}>
        <Day day={followUp.first_day} /> – <Day day={followUp.last_day} />
      </Fact>
      <Fact name={t(ONE.lines)}>
        <PlanSaid lines={followUp.lines} />
      </Fact>
      {!followUp.ended_at && (
        <Fact name={t(ONE.next)}>
          <Next next={followUp.next} zone={zone} />
        </Fact>
      )}
      <Fact name={t(ONE.lastSeen)}>{followUp.last_seen_at ? at(followUp.last_seen_at) : t(ONE.neverSeen)}</Fact>
      {followUp.missed > 0 && (
        <Fact name={t(ONE.missed)}>
          <span class="badge badge--bad">{t(FOLLOW_UPS.missed, { n: followUp.missed })}</span>
        </Fact>
      )}
      {followUp.lost_at && !followUp.ended_at && <Fact name={t(ONE.lostAt)}>{at(followUp.lost_at)}</Fact>}
      {followUp.ended_at && (
        <Fact name={t(ONE.ended)}>
          {at(followUp.ended_at)}
          {followUp.end_reason && t(ONE.why, { why: endWords(followUp.end_reason) })}
        </Fact>
      )}
      {followUp.made_by_task_id && (
        <Fact name={t(ONE.madeBy)}>
          <a href={`#/task/${followUp.made_by_task_id}`}>{t(ONE.openTask)}</a>
        </Fact>
      )}
      {followUp.follows_id && (
        <Fact name={t(ONE.follows)}>
          <a href={`#/people/follow-ups/${followUp.follows_id}`}>{t(ONE.openBefore)}</a>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
