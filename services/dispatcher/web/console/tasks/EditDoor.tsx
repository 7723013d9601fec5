import { EDIT, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { DoorField, NewDoorFields } from "./DoorField.tsx";
import { type DoorEdit, doorOf } from "./doorEdit.ts";
import { NO_DOOR } from "./places.ts";
import type { Task } from "./useTask.ts";

interface EditDoorProps {
  task: Task;
  edit: DoorEdit;
  onEdit: (edit: DoorEdit) => void;
}

/** The door of a task that is being edited: as it is, corrected, or another one. */
export function EditDoor({ task, edit, onEdit }: EditDoorProps) {
  const other = () => onEdit({ is: "other", door: NO_DOOR });
  return (
    <fieldset class="task__group stack">
      <legend>{t(TASK.place)}</legend>
      {edit.is === "same" && (
        <>
          <p class="task__address">{task.household?.address || t(TASK.noAddress)}</p>
          <div class="row">
            <button type="button" class="button" onClick={() => onEdit({ is: "correct", door: doorOf(task) })}>
              {t(EDIT.sameDoor)}
            </button>
            <button type="button" class="button" onClick={other}>
              {t(EDIT.otherDoor)}
            </button>
          </div>
        </>
      )}
      {edit.is === "correct" && (
        <>
          {task.household && <p class="task__quiet">{t(EDIT.doorHint)}</p>}
          <NewDoorFields door={edit.door} onDoor={(door) => onEdit({ is: "correct", door })} />
        </>
      )}
      {edit.is === "other" && <DoorField door={edit.door} onDoor={(door) => onEdit({ is: "other", door })} />}
      {edit.is !== "same" && (
        <button type="button" class="button button--quiet task__left" onClick={() => onEdit({ is: "same" })}>
          {t(EDIT.leaveDoor)}
        </button>
      )}
    </fieldset>
  );
}
