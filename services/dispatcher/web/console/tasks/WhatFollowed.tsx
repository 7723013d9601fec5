import type { Schemas } from "../../api/client.ts";
import { TRIGGER } from "../../texts/console-kinds.ts";
import { AFTER } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { STATUS } from "../../texts/words.ts";
import { kindName } from "../model.ts";
import { At } from "./TaskFacts.tsx";
import type { Task } from "./useTask.ts";

type Consequence = Schemas["ConsequenceOut"];

/** What followed from the task's visits by the rules of its kind; what a correction took back stays, struck. */
export function WhatFollowed({ task }: { task: Task }) {
  if (task.consequences.length === 0) return null;
  return (
    <section>
      <h3>{t(AFTER.followed)}</h3>
      <ul class="task__visits">
        {task.consequences.map((one) => (
          <li
            key={`${one.trigger}-${one.made_id}-${one.at}`}
            class={one.withdrawn_at ? "visit visit--struck" : "visit"}
          >
            <div class="row">
              <What one={one} />
              {one.withdrawn_at && <span class="badge">{t(AFTER.withdrawn)}</span>}
            </div>
            <span class="task__quiet">
              {t(TRIGGER[one.trigger])} · <At at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function What({ one }: { one: Consequence }) {
  if (one.what === "follow_up") return <a href={`#/people/follow-ups/${one.made_id}`}>{t(AFTER.follow_up)}</a>;
  if (one.what !== "task") return <strong>{t(AFTER[one.what])}</strong>;
  return (
    <>
      <a href={`#/task/${one.made_id}`}>{t(AFTER.task, { kind: kindName(one.kind ?? "") })}</a>
      {one.status && <span class="task__quiet">{t(STATUS[one.status])}</span>}
    </>
  );
}
