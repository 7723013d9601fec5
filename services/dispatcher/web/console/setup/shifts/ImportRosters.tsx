import { answered, api, type Schemas } from "../../../api/client.ts";
import { ROSTER_IMPORT } from "../../../texts/console-rosters.ts";
import { t } from "../../../texts/language.ts";
import { ImportPage } from "../../importing/ImportPage.tsx";
import { importing } from "../../importing/importing.ts";
import type { Sort } from "../../importing/sort.ts";
import { type District, district } from "../../model.ts";
import { memberName, useMemberNames } from "../people/memberNames.ts";
import { rosterColumns, rosterExample } from "./example.ts";
import { restWords } from "./rest.ts";

type Item = Schemas["RosterItem"];
type Note = NonNullable<Item["warnings"]>;

const PATIENCE_MS = 120_000;

const state = importing<Item, Note>({
  names: [],
  post: ({ district, body, key }) =>
    answered(
      api.POST(key ? "/v1/rosters/import" : "/v1/rosters/import/preview", {
        params: { query: { district } },
        headers: { "Content-Type": "text/csv; charset=utf-8", ...(key ? { "Idempotency-Key": key } : {}) },
        body,
        bodySerializer: (text: unknown) => text as string,
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    ),
  noted: ({ warnings = [] }) => (warnings.length ? warnings : null),
});

/** A table of weeks: shifts and who works in them. */
export function ImportRosters({ district }: { district: District }) {
  const table: Sort<Note> = {
    state,
    texts: ROSTER_IMPORT,
    columns: rosterColumns(district.slots),
    example: () => rosterExample(district.slots, district.time_zone),
    NoteWords,
    leavesOut: true,
    after: { to: "/setup/shifts", text: ROSTER_IMPORT.toShifts },
  };
  return (
    <>
      <a href="#/setup/shifts">← {t(ROSTER_IMPORT.back)}</a>
      <ImportPage sort={table} />
    </>
  );
}

function NoteWords({ note }: { note: Note }) {
  const zone = district.value?.time_zone ?? "UTC";
  useMemberNames(note.map(({ member_id }) => member_id));
  return <>{note.map((warning) => restWords(warning, memberName(warning.member_id), zone, undefined)).join(" ")}</>;
}
