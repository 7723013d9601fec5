import { GIVE } from "../../texts/console-tasks.ts";
import { language, t } from "../../texts/language.ts";
import { BREAKS } from "../../texts/refusals.ts";
import { clock, dayAndClock, span } from "../../ui/time.ts";
import { kindName, points } from "../model.ts";
import { now } from "../now.ts";
import type { Effect } from "./byHand.ts";
import { Fact, zoneOf } from "./TaskFacts.tsx";
import type { Task } from "./useTask.ts";
import { laidOut, type StopThen } from "./walks.ts";
import { wordOf } from "./words.ts";

/** What giving the task to the team does to its walk. */
export function EffectShown({ effect, team, task }: { effect: Effect; team: string; task: Task }) {
  const zone = zoneOf();
  return (
    <section class="stack">
      <h3>{t(GIVE.effect, { team })}</h3>
      <p class={effect.breaks.length ? "notice notice--warn" : "notice notice--good"}>{effect.why[language.value]}</p>
      <dl class="task__facts">
        <Fact name={t(GIVE.begins)}>
          {dayAndClock(effect.begin_at, zone, now.value)}{" "}
          {effect.late_s > 0 ? (
            <span class="badge badge--bad">{t(GIVE.lateBy, { time: spanOf(effect.late_s) })}</span>
          ) : (
            <span class="badge badge--good">{t(GIVE.inTime)}</span>
          )}
        </Fact>
        <Fact name={t(GIVE.added)}>{spanOf(effect.added_travel_s)}</Fact>
        <Fact name={t(GIVE.becomesLate)}>
          {effect.made_late.length ? (
            <ul class="task__plain">
              {effect.made_late.map((id) => (
                <li key={id}>
                  <LateTask id={id} />
                </li>
              ))}
            </ul>
          ) : (
            t(GIVE.nobodyLate)
          )}
        </Fact>
        <Fact name={t(GIVE.overrun)}>{effect.overrun_s > 0 ? spanOf(effect.overrun_s) : ""}</Fact>
        <Fact name={t(GIVE.cannot)}>
          {effect.breaks.length ? (
            <ul class="task__plain">
              {effect.breaks.map((code) => (
                <li key={code}>{wordOf(BREAKS, code)}</li>
              ))}
            </ul>
          ) : (
            ""
          )}
        </Fact>
      </dl>
      <h4>
        {t(GIVE.stopsAfter)} ({effect.before.length} → {effect.after.length})
      </h4>
      <ol class="task-walk">
        {laidOut(effect.before, effect.after, task.id).map((stop) => (
          <StopLine key={stop.taskIds.join() || "break"} stop={stop} zone={zone} />
        ))}
      </ol>
      <p class="task__quiet">{t(GIVE.pin, { team })}</p>
    </section>
  );
}

/** To the nearest minute, as the API's sentence says it. */
function spanOf(seconds: number): string {
  return span(Math.round(seconds / 60) * 60_000);
}

function LateTask({ id }: { id: string }) {
  const point = points.value.get(id);
  if (!point) return <span>{id}</span>;
  return (
    <span>
      {kindName(point.kind)} · {clock(point.due_at, zoneOf())}
    </span>
  );
}

function StopLine({ stop, zone }: { stop: StopThen; zone: string }) {
  return (
    <li class={`task-walk__stop task-walk__stop--${stop.is}`}>
      <time dateTime={stop.beginAt}>{clock(stop.beginAt, zone)}</time>
      <span>{stopName(stop)}</span>
      {stop.laterS >= 60 && <span class="task__quiet">{t(GIVE.laterBy, { time: spanOf(stop.laterS) })}</span>}
    </li>
  );
}

function stopName({ is, taskIds }: StopThen): string {
  if (is === "break") return t(GIVE.aBreak);
  if (is === "new") return t(GIVE.theNew);
  const [first = ""] = taskIds;
  const kind = points.value.get(first)?.kind;
  const name = kind ? kindName(kind) : t(GIVE.aStop, { n: 1 });
  return taskIds.length > 1 ? `${name} +${taskIds.length - 1}` : name;
}
