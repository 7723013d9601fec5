import "./tasks.css";
import { useState } from "preact/hooks";
import { READING, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { TaskHandovers } from "../handover/Handed.tsx";
import { isClosed, mayChange } from "../model.ts";
import { EditTask } from "./EditTask.tsx";
import { TaskActions } from "./TaskActions.tsx";
import { TaskFacts, TaskHead, TaskPerson, TaskPlace, TaskRedacted, TaskWhy } from "./TaskFacts.tsx";
import { TaskFollowUp } from "./TaskFollowUp.tsx";
import { TaskHistory, TaskVisits } from "./TaskHistory.tsx";
import { isUnsaved } from "./useEdit.ts";
import { isGone, useTask } from "./useTask.ts";
import { WhatFollowed } from "./WhatFollowed.tsx";

/** Everything about one task, and what may be done to it. */
export function TaskPanel({ id }: { id: string }) {
  const { task, error, again } = useTask(id);
  const [editing, setEditing] = useState("");
  if (!task) return <Missing error={error} again={again} />;
  const open = !isClosed(task.status);
  const isEditing = open && (editing === id || isUnsaved(id)) && mayChange.value;
  return (
    <article class="task" aria-labelledby="task-title">
      <TaskHead task={task} />
      {error !== undefined && <ProblemNote error={error} />}
      <TaskWhy task={task} />
      {open && mayChange.value && !isEditing && <TaskActions task={task} onEdit={() => setEditing(id)} again={again} />}
      {isEditing ? (
        <EditTask key={id} task={task} again={again} onDone={() => setEditing("")} />
      ) : (
        <>
          <TaskFacts task={task} />
          <TaskRedacted task={task} />
          <TaskPlace task={task} />
          <TaskPerson task={task} />
          <TaskFollowUp task={task} />
        </>
      )}
      <TaskHandovers handovers={task.handovers} />
      <TaskVisits task={task} />
      <WhatFollowed task={task} />
      <TaskHistory task={task} />
    </article>
  );
}

function Missing({ error, again }: { error: unknown; again: () => unknown }) {
  if (error === undefined) return <p class="task__quiet">{t(READING)}</p>;
  if (isGone(error)) return <p class="notice notice--info">{t(TASK.gone)}</p>;
  return (
    <div class="stack">
      <ProblemNote error={error} />
      <button type="button" class="button" onClick={() => void again()}>
        {t(TASK.again)}
      </button>
    </div>
  );
}
