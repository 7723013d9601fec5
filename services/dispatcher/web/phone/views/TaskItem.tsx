import { listed, named, t } from "../../texts/language.ts";
import { FINISHED_BY_US } from "../../texts/phone-handover.ts";
import { ATTEMPT, KEPT, NEEDS, NOT_FOR_YOU, SUIT, TUBES, URGENT } from "../../texts/phone-views.ts";
import { LockIcon } from "../../ui/icons.tsx";
import { suitSince } from "../route.ts";
import type { Task } from "../route-overlay.ts";
import { FromBefore } from "./FromBefore.tsx";
import { capabilityName } from "./naming.ts";
import { WhoCalls } from "./WhoCalls.tsx";

const URGENT_FROM = 5;

/** One task of a door. Whom it is about is said where several people live there. */
export function TaskItem({ task, people }: { task: Task; people: number }) {
  const accepted = task.accepted || task.pinned;
  return (
    <li class="task">
      <p class="task__name">
        <strong>{named(task.names)}</strong>
        {people > 1 && task.subject && <span>{task.subject.name}</span>}
      </p>
      <p class="task__facts">
        {task.priority >= URGENT_FROM && <span class="badge badge--bad">{t(URGENT)}</span>}
        {accepted && (
          <span class="badge badge--good">
            <LockIcon /> {t(KEPT)}
          </span>
        )}
        {task.kept && <span class="badge">{t(FINISHED_BY_US)}</span>}
        <WhoCalls task={task} />
        {task.suit && <span class={suitSince.value ? "badge" : "badge badge--warn"}>{t(SUIT.needed)}</span>}
        {task.attempt > 1 && <span class="badge">{t(ATTEMPT, { n: task.attempt, m: task.max_attempts })}</span>}
        {!task.needed && <span class="badge">{t(NOT_FOR_YOU)}</span>}
        {task.capabilities.length > 0 && (
          <span class="badge">{t(NEEDS, { what: listed(task.capabilities.map(capabilityName)) })}</span>
        )}
      </p>
      {task.specimens && (
        <p class="said">
          <strong>{t(TUBES, { n: task.specimens.expected, point: task.specimens.pick_up_point })}</strong>
        </p>
      )}
      {task.instructions && <p class="said">{task.instructions}</p>}
      <FromBefore task={task} />
    </li>
  );
}
