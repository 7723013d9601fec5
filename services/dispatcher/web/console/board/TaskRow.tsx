import { LIST } from "../../texts/console-board.ts";
import { t } from "../../texts/language.ts";
import { STATUS, WAITING } from "../../texts/words.ts";
import { dayAndClock, untilDue } from "../../ui/time.ts";
import { district, gridName, kindName, mayChange, selection, type TaskPoint, teamName } from "../model.ts";
import { now } from "../now.ts";
import { go } from "../router.ts";
import { addresses } from "./addresses.ts";
import { moment } from "./board.ts";
import { dueOf } from "./filter.ts";
import { Sign } from "./Sign.tsx";

interface TaskRowProps {
  task: TaskPoint;
  row: number;
  /** Pixels from the top of the list. */
  top: number;
  active: boolean;
  open: boolean;
  onTick: (row: number, withShift: boolean) => void;
}

export function TaskRow({ task, row, top, active, open, onTick }: TaskRowProps) {
  const zone = district.value?.time_zone ?? "UTC";
  const due = dueOf(task, moment.value);
  const isTicked = selection.value.has(task.id);
  const classes = [
    "list__row",
    active && "list__row--active",
    open && "list__row--open",
    isTicked && "list__row--ticked",
  ];
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names the active row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={`row-${task.id}`}
      role="row"
      class={classes.filter(Boolean).join(" ")}
      aria-rowindex={row + 1}
      aria-selected={isTicked}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => go(`/task/${task.id}`)}
    >
      {mayChange.value && (
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <span role="gridcell" class="list__tick">
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t(LIST.tick)}
            checked={isTicked}
            onClick={(event) => {
              event.stopPropagation();
              onTick(row, event.shiftKey);
            }}
          />
        </span>
      )}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <span role="gridcell" class="list__cell">
        <span class="list__line">
          <Sign status={task.status} overdue={due === "overdue"} />
          <span class="list__kind">{kindName(task.kind)}</span>
          <span class={`list__due list__due--${due ?? "calm"}`}>
            {dayAndClock(task.due_at, zone, now.value)} · {untilDue(task.due_at, now.value)}
          </span>
        </span>
        <span class="list__line list__line--more">
          <span class="list__place">{placeOf(task)}</span>
          <span class="list__who">{whoOf(task)}</span>
        </span>
      </span>
    </div>
  );
}

function placeOf(task: TaskPoint): string {
  const known = addresses.value.get(task.id);
  const door = known?.address || gridName(task.grid_id) || t(LIST.noPlace);
  return known?.subject_name ? `${door} · ${known.subject_name}` : door;
}

function whoOf(task: TaskPoint): string {
  if (task.waiting_reason) return t(WAITING[task.waiting_reason]);
  return `${teamName(task.team_id)} ${t(STATUS[task.status])}`;
}
