import { NEW, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { STATUS } from "../../texts/words.ts";
import { kindName, teamName } from "../model.ts";
import { At } from "./TaskFacts.tsx";
import type { NewTaskState } from "./useNewTask.ts";

/** What should be looked at before the task is sent, and what became of a try. */
export function SendingNotes({ state }: { state: NewTaskState }) {
  const { asksFirst, busy, draft } = state;
  const warning = asksFirst?.warnings[0];
  return (
    <>
      {asksFirst && (
        <div class="notice notice--warn stack" role="alert">
          {warning && (
            <div>
              <p>{t(NEW.twin)}</p>
              <p>
                <a href={`#/task/${warning.task_id}`}>
                  {t(NEW.openTwin)}: {kindName(draft.kind)}
                </a>
                {warning.twin && (
                  <>
                    {" · "}
                    {t(STATUS[warning.twin.status])} {teamName(warning.twin.team_id)} · {t(TASK.due)}{" "}
                    <At at={warning.twin.due_at} />
                  </>
                )}
              </p>
            </div>
          )}
          {asksFirst.waiting_reason === "outside_every_grid" && <p>{t(NEW.outside)}</p>}
          <div class="row row--end">
            <button type="button" class="button" onClick={state.dont}>
              {t(NEW.dont)}
            </button>
            <button type="button" class="button button--primary" disabled={busy} onClick={state.sendAnyway}>
              {t(NEW.sendAnyway)}
            </button>
          </div>
        </div>
      )}
      {state.cameBefore && (
        <div class="notice notice--warn stack" role="alert">
          <p>{t(NEW.cameBefore)}</p>
          <div class="row row--end">
            <a class="button" href={`#/task/${draft.id}`}>
              {t(NEW.openTwin)}
            </a>
            <button type="button" class="button button--primary" disabled={busy} onClick={state.sendAsOther}>
              {t(NEW.sendAsOther)}
            </button>
          </div>
        </div>
      )}
      {state.lost && <p class="notice notice--info">{t(NEW.lost)}</p>}
    </>
  );
}
