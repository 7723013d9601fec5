/** How this phone is woken: kept in IndexedDB, where the service worker reads it too. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { type Choices, FIRST_CHOICES } from "./wake-up.ts";

interface Kept extends DBSchema {
  choices: { key: "choices"; value: Choices };
}

const MOST_MEMBERS = 20;
let opened: Promise<IDBPDatabase<Kept>> | undefined;

/** The first choices where nothing is kept, or nothing can be. */
export async function readChoices(): Promise<Choices> {
  try {
    return { ...FIRST_CHOICES, ...(await (await open()).get("choices", "choices")) };
  } catch {
    return FIRST_CHOICES;
  }
}

/** Change some of them in one step; what they are now. */
export async function changeChoices(change: (was: Choices) => Partial<Choices>): Promise<Choices> {
  const tx = (await open()).transaction("choices", "readwrite");
  const was = { ...FIRST_CHOICES, ...(await tx.store.get("choices")) };
  const now = { ...was, ...change(was) };
  await tx.store.put({ ...now, wantedBy: now.wantedBy.slice(-MOST_MEMBERS) }, "choices");
  await tx.done;
  return now;
}

function open(): Promise<IDBPDatabase<Kept>> {
  const forget = () => {
    opened = undefined;
  };
  opened ??= openDB<Kept>("doorstep-wake-up", 1, {
    upgrade(db) {
      db.createObjectStore("choices");
    },
    blocking(_old, _new, event) {
      forget();
      (event.target as IDBDatabase).close();
    },
    terminated: forget,
  }).catch((error: unknown) => {
    forget();
    throw error;
  });
  return opened;
}
