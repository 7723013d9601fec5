import "./tasks.css";
import { useState } from "preact/hooks";
import { AFTER } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { STATUS } from "../../texts/words.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { loadTasks, type TaskListed } from "../load.ts";
import { district, kindName } from "../model.ts";
import { useAsked, useEvents } from "../setup/asked.ts";

const A_PAGE = 50;

/** The tasks with visits that somebody should look at, the newest first; each leads to its visits. */
export function ReviewPanel() {
  const [most, setMost] = useState(A_PAGE);
  const here = district.value?.id ?? "";
  const asked = useAsked(() => loadTasks({ district: here, needs_review: true, limit: most }), [here, most]);
  useEvents(["visit.recorded", "visit.corrected", "visit.reviewed"], asked.again);
  const found = asked.value?.items;
  return (
    <article class="task" aria-labelledby="review-heading">
      <h2 id="review-heading">{t(AFTER.heading)}</h2>
      <p class="task__quiet">{t(AFTER.hint)}</p>
      <ProblemNote error={asked.error} />
      {found?.length === 0 && <p>{t(AFTER.nothing)}</p>}
      <ul class="task__visits">
        {found?.map((task) => (
          <ToReview key={task.id} task={task} />
        ))}
      </ul>
      {asked.value?.next_cursor && most < 200 && (
        <button type="button" class="button" onClick={() => setMost(200)}>
          {t(AFTER.more)}
        </button>
      )}
    </article>
  );
}

function ToReview({ task }: { task: TaskListed }) {
  return (
    <li class="visit">
      <a href={`#/task/${task.id}`}>
        {kindName(task.kind)} · {task.address ?? task.subject_name ?? task.id}
      </a>
      <span class="row task__quiet">{t(STATUS[task.status])}</span>
    </li>
  );
}
