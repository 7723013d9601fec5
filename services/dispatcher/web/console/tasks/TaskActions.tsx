import { useState } from "preact/hooks";
import { ACTION } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { say } from "../../ui/toasts.tsx";
import { teamName } from "../model.ts";
import { cancel, release } from "./byHand.ts";
import { GiveTask } from "./GiveTask.tsx";
import { CancelDialog, ReleaseDialog } from "./Reasons.tsx";
import type { Task } from "./useTask.ts";

interface ActionsProps {
  task: Task;
  onEdit: () => void;
  again: () => Promise<unknown>;
}

/** What may be done to an open task. */
export function TaskActions({ task, onEdit, again }: ActionsProps) {
  const [asking, setAsking] = useState<"" | "give" | "release" | "cancel">("");
  const held = task.team_id !== null;
  const team = held ? teamName(task.team_id) || task.assignment?.team_code : undefined;
  const close = () => setAsking("");
  const done = (text: string) => {
    close();
    say(text, "good");
    void again();
  };
  return (
    <div class="row task__actions">
      <button type="button" class="button button--primary" onClick={() => setAsking("give")}>
        {t(held ? ACTION.giveOther : ACTION.give)}
      </button>
      <button type="button" class="button" onClick={onEdit}>
        {t(ACTION.edit)}
      </button>
      {held && (
        <button type="button" class="button" onClick={() => setAsking("release")}>
          {t(ACTION.release)}
        </button>
      )}
      <button type="button" class="button button--danger" onClick={() => setAsking("cancel")}>
        {t(ACTION.cancel)}
      </button>
      {asking === "give" && (
        <GiveTask task={task} onClose={close} onGiven={(name) => done(t(ACTION.given, { team: name }))} />
      )}
      {asking === "release" && (
        <ReleaseDialog
          count={1}
          team={team}
          onClose={close}
          act={async (code) => {
            await release(task.id, code);
            done(t(ACTION.released));
          }}
        />
      )}
      {asking === "cancel" && (
        <CancelDialog
          count={1}
          team={team}
          onClose={close}
          act={async (reason) => {
            await cancel(task.id, reason);
            done(t(ACTION.cancelled));
          }}
        />
      )}
    </div>
  );
}
