import { useEffect, useRef } from "preact/hooks";
import { FRAME, MAP } from "../../texts/console-board.ts";
import { t } from "../../texts/language.ts";
import { CrossIcon } from "../../ui/icons.tsx";
import { untilDue } from "../../ui/time.ts";
import { kindName, points } from "../model.ts";
import { now } from "../now.ts";
import { moment } from "./board.ts";
import type { Door } from "./DistrictMap.ts";
import { isOverdue } from "./filter.ts";
import { Sign } from "./Sign.tsx";

const MOST_SHOWN = 12;
const WIDTH_PX = 270;

/** Which of the tasks at one door was meant. */
export function DoorChooser({ door, onClose }: { door: Door; onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("a")?.focus(), [door]);
  const tasks = door.ids.flatMap((id) => points.value.get(id) ?? []);
  const room = (box.current?.parentElement?.clientWidth ?? window.innerWidth) - WIDTH_PX;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it, whatever in it has the focus
    <div
      ref={box}
      class="door"
      style={{ left: `${Math.max(8, Math.min(door.x, room))}px`, top: `${door.y + 10}px` }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <div class="door__head">
        <strong>{t(MAP.here, { n: door.ids.length })}</strong>
        <button type="button" class="button button--quiet button--icon" aria-label={t(FRAME.close)} onClick={onClose}>
          <CrossIcon />
        </button>
      </div>
      <ul class="door__list">
        {tasks.slice(0, MOST_SHOWN).map((task) => (
          <li key={task.id}>
            <a href={`#/task/${task.id}`} class="door__task" onClick={onClose}>
              <Sign status={task.status} overdue={isOverdue(task, moment.value)} />
              <span class="door__kind">{kindName(task.kind)}</span>
              <span>{untilDue(task.due_at, now.value)}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
