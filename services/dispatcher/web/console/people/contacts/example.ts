/** The columns of a table of contacts, as `POST /v1/contacts/batch` reads them, and a table to begin with. */

import { example } from "../../tasks/table.ts";

export const CONTACT_COLUMNS = [
  "index_id",
  "index_ref",
  "index_name",
  "index_phone",
  "subject_id",
  "subject_ref",
  "subject_name",
  "subject_phone",
  "subject_flags",
  "household_id",
  "household_ref",
  "household_address",
  "household_lat",
  "household_lon",
  "household_access_notes",
  "class",
  "last_exposure",
  "note",
] as const;

/** Ids are for programs. */
const SHOWN = CONTACT_COLUMNS.filter((name) => !/(^|_)id$/.test(name));

/** A close contact at home and a secondary one of whom only a phone is known. */
export function contactExample(): string {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const index = { index_ref: "CASE-1", index_name: "王强", index_phone: "+86 139 0000 0000" };
  return example(SHOWN, [
    {
      ...index,
      subject_name: "李明",
      subject_phone: "+86 138 0000 0000",
      subject_flags: "no_smartphone, language=zh",
      household_address: "幸福路1号2栋301 (1 Happiness Road, 2-301)",
      class: "close",
      last_exposure: yesterday,
      note: "同桌吃饭 (dinner at one table)",
    },
    { ...index, subject_phone: "+86 137 0000 0000", class: "secondary", last_exposure: yesterday },
  ]);
}
