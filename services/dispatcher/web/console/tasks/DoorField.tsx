import type { ComponentType } from "preact";
import { EDIT, NEW, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { gridName } from "../model.ts";
import { Combobox } from "./Combobox.tsx";
import { PointField, type PointFieldProps } from "./PointField.tsx";
import { type Door, findDoors, type Household, type NewDoor, NO_DOOR } from "./places.ts";

interface DoorFieldProps {
  door: Door;
  onDoor: (door: Door) => void;
  /** What is wrong with it; undefined: nothing. */
  error?: string | undefined;
  /** How a point is given; without one on the board's map. */
  Place?: ComponentType<PointFieldProps>;
}

/** A door: a known one by search, or a new address with its point. */
export function DoorField({ door, onDoor, error, Place = PointField }: DoorFieldProps) {
  const fresh = (address: string): NewDoor => ({ is: "new", address, accessNotes: "", point: null });
  if (door.is === "known") return <KnownDoor household={door.household} onOther={() => onDoor(NO_DOOR)} />;
  if (door.is === "new")
    return (
      <div class="stack">
        <NewDoorFields door={door} onDoor={onDoor} error={error} Place={Place} />
        <button type="button" class="button button--quiet task__left" onClick={() => onDoor(NO_DOOR)}>
          {t(NEW.searchDoor)}
        </button>
      </div>
    );
  return (
    <div class="stack">
      <Combobox
        label={t(NEW.searchDoor)}
        hint={t(NEW.searchDoorHint)}
        find={findDoors}
        keyOf={(one) => one.id}
        show={(one) => <DoorLine household={one} />}
        onChoose={(household) => onDoor({ is: "known", household })}
        asNew={(text) => t(NEW.asNew, { text })}
        onNew={(text) => onDoor(fresh(text))}
        nothing={t(NEW.noDoor)}
      />
      <div class="row">
        <button type="button" class="button" onClick={() => onDoor(fresh(""))}>
          {t(NEW.newDoor)}
        </button>
      </div>
      {error && <p class="field__error">{error}</p>}
    </div>
  );
}

function KnownDoor({ household, onOther }: { household: Household; onOther: () => void }) {
  return (
    <div class="chosen">
      <DoorLine household={household} />
      {household.access_notes && <p class="task__quiet">{household.access_notes}</p>}
      {household.lat === null && <p class="notice notice--warn">{t(NEW.noPointYet)}</p>}
      <button type="button" class="button button--quiet" onClick={onOther}>
        {t(NEW.otherDoor)}
      </button>
    </div>
  );
}

function DoorLine({ household }: { household: Household }) {
  const grid = gridName(household.grid_id);
  return (
    <span class="task-door">
      <span>{household.address || t(TASK.noAddress)}</span>
      <span class="task__quiet">{[household.ref, grid].filter(Boolean).join(" · ")}</span>
    </span>
  );
}

interface NewDoorFieldsProps {
  door: NewDoor;
  onDoor: (door: NewDoor) => void;
  error?: string | undefined;
  Place?: ComponentType<PointFieldProps>;
}

/** Address, access notes and point. */
export function NewDoorFields({ door, onDoor, error, Place = PointField }: NewDoorFieldsProps) {
  return (
    <>
      <TextField
        label={t(EDIT.address)}
        error={error}
        maxLength={500}
        value={door.address}
        onText={(text) => onDoor({ ...door, address: text })}
      />
      <Place point={door.point} onPoint={(point) => onDoor({ ...door, point })} />
      <Field label={t(TASK.accessNotes)}>
        {(input) => (
          <textarea
            {...input}
            rows={2}
            maxLength={2000}
            value={door.accessNotes}
            onInput={(event) => onDoor({ ...door, accessNotes: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}
