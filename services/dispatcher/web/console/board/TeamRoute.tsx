import { TEAM } from "../../texts/console-board.ts";
import { t } from "../../texts/language.ts";
import { clock, span } from "../../ui/time.ts";
import { district, gridName, kindName } from "../model.ts";
import { Sign } from "./Sign.tsx";
import type { TeamRoute as Route } from "./useRoute.ts";

type Stop = Route["stops"][number];

/** A team's stops in the order of its walk, with the planned arrivals. */
export function TeamRoute({ route }: { route: Route }) {
  const doors = route.stops.filter((stop) => !stop.break);
  if (!route.stops.length) return <p class="team__quiet">{t(TEAM.noRoute)}</p>;
  return (
    <ol class="walk">
      {route.stops.map((stop) => (
        <li key={stop.task_ids[0] ?? "break"} class="walk__stop">
          <span class="walk__number">{stop.break ? "–" : doors.indexOf(stop) + 1}</span>
          {stop.break ? <Break stop={stop} /> : <Door stop={stop} />}
        </li>
      ))}
    </ol>
  );
}

/** Milliseconds, from a whole minute on. */
function lateness(begin: string, dueAt: string): number {
  const late = Date.parse(begin) - Date.parse(dueAt);
  return late >= 60_000 ? late : 0;
}

function Break({ stop }: { stop: Stop }) {
  const zone = district.value?.time_zone ?? "UTC";
  return (
    <div class="walk__door">
      {t(TEAM.break)} · {clock(stop.arrive_at, zone)}–{clock(stop.leave_at, zone)}
    </div>
  );
}

function Door({ stop }: { stop: Stop }) {
  const zone = district.value?.time_zone ?? "UTC";
  return (
    <div class="walk__door">
      <div class="walk__where">
        <span class="walk__address">{stop.household?.address || gridName(stop.household?.grid_id) || "–"}</span>
        <span class="walk__at">{t(TEAM.arrive, { time: clock(stop.arrive_at, zone) })}</span>
      </div>
      {stop.tasks.map((task) => {
        const begin = stop.begin_at[stop.task_ids.indexOf(task.id)] ?? stop.arrive_at;
        const late = lateness(begin, task.due_at);
        return (
          <a key={task.id} href={`#/task/${task.id}`} class="walk__task">
            <Sign status={task.status} overdue={task.overdue} />
            <span class="walk__kind">{kindName(task.kind)}</span>
            {task.pinned && <span class="badge">{t(TEAM.pinned)}</span>}
            <span class={late > 0 ? "team__bad" : "team__quiet"}>
              {late > 0 ? t(TEAM.lateBy, { time: span(late) }) : t(TEAM.dueBy, { time: clock(task.due_at, zone) })}
            </span>
          </a>
        );
      })}
    </div>
  );
}
