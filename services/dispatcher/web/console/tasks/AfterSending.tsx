import { useEffect, useRef } from "preact/hooks";
import { NEW } from "../../texts/console-tasks.ts";
import { language, t } from "../../texts/language.ts";
import { WAITING } from "../../texts/words.ts";
import { kindName, teamName } from "../model.ts";
import type { Draft } from "./draft.ts";
import { DueLine } from "./TaskFacts.tsx";
import type { Sent } from "./useNewTask.ts";
import { type Task, useTask } from "./useTask.ts";
import { wordOf } from "./words.ts";

interface AfterSendingProps {
  sent: Sent;
  draft: Draft;
  onNext: (atSameDoor: boolean) => void;
}

/** What became of the task, as soon as it is known: which team got it and why, or why it waits. */
export function AfterSending({ sent, draft, onNext }: AfterSendingProps) {
  const { task } = useTask(sent.task.id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const hasDoor = draft.door.is !== "none";
  return (
    <section class="task">
      <h2 ref={heading} tabIndex={-1}>
        {t(sent.repeated ? NEW.wasIn : NEW.in)}
      </h2>
      <p>
        <strong>{kindName(sent.task.kind)}</strong> · <DueLine task={sent.task} />
      </p>
      <div role="status">{task ? <Placed task={task} /> : <p class="task__quiet">{t(NEW.placing)}</p>}</div>
      <div class="row">
        <a class="button" href={`#/task/${sent.task.id}`}>
          {t(NEW.open)}
        </a>
        {hasDoor && (
          <button type="button" class="button" onClick={() => onNext(true)}>
            {t(NEW.sameDoor)}
          </button>
        )}
        <button type="button" class="button button--primary" onClick={() => onNext(false)}>
          {t(NEW.another)}
        </button>
      </div>
    </section>
  );
}

function Placed({ task }: { task: Task }) {
  if (task.assignment)
    return (
      <div class="notice notice--good">
        <strong>{t(NEW.placed, { team: task.assignment.team_code || teamName(task.team_id) })}</strong>
        <p>{task.assignment.why[language.value]}</p>
      </div>
    );
  if (task.waiting_reason === "being_planned") return <p class="task__quiet">{t(NEW.placing)}</p>;
  if (!task.waiting_reason) return null;
  return (
    <div class="notice notice--warn">
      <strong>{t(NEW.waits, { why: wordOf(WAITING, task.waiting_reason) })}</strong>
      <p>{task.why?.[language.value]}</p>
    </div>
  );
}
