/** What differs between tables that are imported: where they go, what they hold, and what is said about them. */

import type { ComponentType } from "preact";
import type { IMPORT } from "../../texts/console-tasks.ts";
import type { Text } from "../../texts/language.ts";
import type { Importing } from "./importing.ts";

export interface Sort<Note> {
  readonly state: Importing<Note>;
  readonly texts: Readonly<Record<keyof typeof IMPORT, Text>>;
  readonly columns: readonly string[];
  /** The text of a table to begin with. */
  readonly example: () => string;
  /** What should be looked at before a row is sent. */
  readonly NoteWords: ComponentType<{ note: Note }>;
  /** Rows with a note may be left out. */
  readonly leavesOut: boolean;
  /** Where to look once the table is in. */
  readonly after: { readonly to: string; readonly text: Text };
}
