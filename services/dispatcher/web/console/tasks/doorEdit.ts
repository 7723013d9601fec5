/** What an edit does to a task's door: correct it for every task there, or send the task to another one. */

import { answered, api, type Schemas } from "../../api/client.ts";
import type { Door, NewDoor } from "./places.ts";
import type { Task } from "./useTask.ts";

export type DoorEdit =
  | { readonly is: "same" }
  | { readonly is: "correct"; readonly door: NewDoor }
  | { readonly is: "other"; readonly door: Door };

type Mention = NonNullable<Schemas["TaskPatch"]["household"]>;

/** The door as a task mentions it; undefined: none, or nothing said of it. */
export function mentioned(door: Door): Mention | undefined {
  if (door.is === "known") return { id: door.household.id } as Mention;
  if (door.is === "none" || (!door.address.trim() && !door.point)) return undefined;
  const { lat = null, lon = null } = door.point ?? {};
  return { address: door.address.trim(), lat, lon, access_notes: door.accessNotes.trim() } as Mention;
}

/** What the task itself is told; undefined: its door stays. */
export function mentionOf(task: Task, edit: DoorEdit): Mention | undefined {
  if (edit.is === "other") return mentioned(edit.door);
  return edit.is === "correct" && !task.household ? mentioned(edit.door) : undefined;
}

/** The door as it stands, to be corrected. */
export function doorOf(task: Task): NewDoor {
  const { lat, lon } = task.household ?? task;
  return {
    is: "new",
    address: task.household?.address ?? "",
    accessNotes: task.household?.access_notes ?? "",
    point: lat === null || lon === null ? null : { lat, lon },
  };
}

/** Corrects the household itself, where that is wanted. Raises Refused, NoAnswer. */
export async function saveDoor(task: Task, edit: DoorEdit): Promise<void> {
  if (edit.is !== "correct" || !task.household) return;
  const [before, after] = [doorOf(task), edit.door];
  const { lat = null, lon = null } = after.point ?? {};
  const patch: Schemas["HouseholdPatch"] = {};
  if (after.address.trim() !== before.address) patch.address = after.address.trim();
  if (after.accessNotes.trim() !== before.accessNotes) patch.access_notes = after.accessNotes.trim();
  if (lat !== (before.point?.lat ?? null) || lon !== (before.point?.lon ?? null)) Object.assign(patch, { lat, lon });
  if (Object.keys(patch).length === 0) return;
  const path = { id: task.household.id };
  await answered(api.PATCH("/v1/households/{id}", { params: { path }, body: patch }));
}
