import { answered, api, type Schemas } from "../../../api/client.ts";
import { CONTACT_IMPORT, CONTACTS, SAID } from "../../../texts/console-people.ts";
import { t } from "../../../texts/language.ts";
import { ImportPage } from "../../importing/ImportPage.tsx";
import { importing } from "../../importing/importing.ts";
import type { Sort } from "../../importing/sort.ts";
import { listed, wordOf } from "../../tasks/words.ts";
import { CONTACT_COLUMNS, contactExample } from "./example.ts";

type Item = Schemas["ContactItem"];

/** What should be looked at: as the API warns, in rows of the file. */
interface Note {
  readonly warnings: readonly {
    readonly code: string;
    readonly fields: readonly string[];
    readonly row: number | null;
  }[];
  readonly samePersonAs: number | null;
}

const PATIENCE_MS = 60_000;

const TABLE: Sort<Note> = {
  state: importing<Item, Note>({
    names: [],
    post: ({ district, about, body, key }) =>
      answered(
        api.POST(key ? "/v1/contacts/batch" : "/v1/contacts/batch/preview", {
          params: { query: { district, ...(about && { index_id: about }) } },
          headers: { "Content-Type": "text/csv; charset=utf-8", ...(key ? { "Idempotency-Key": key } : {}) },
          body,
          bodySerializer: (text: unknown) => text as string,
          signal: AbortSignal.timeout(PATIENCE_MS),
        }),
      ),
    noted: ({ warnings = [], known_from_row }, inFile) => {
      const samePersonAs = inFile(known_from_row);
      if (!warnings.length && samePersonAs === null) return null;
      return {
        warnings: warnings.map(({ code, fields = [], row }) => ({ code, fields, row: inFile(row) })),
        samePersonAs,
      };
    },
  }),
  texts: CONTACT_IMPORT,
  columns: CONTACT_COLUMNS,
  example: contactExample,
  NoteWords,
  leavesOut: false,
  after: { to: "/people/contacts", text: CONTACT_IMPORT.toContacts },
};

/** A table of contacts; `indexId`: of whom they are where a row does not say, "" for nobody. */
export function ImportContacts({ indexId }: { indexId: string }) {
  return (
    <>
      <a href={indexId ? `#/people/contacts/${indexId}` : "#/people/contacts"}>
        ← {t(indexId ? CONTACTS.back : CONTACTS.allPersons)}
      </a>
      <ImportPage sort={TABLE} about={indexId} />
    </>
  );
}

function NoteWords({ note: { warnings, samePersonAs } }: { note: Note }) {
  const said = warnings.map(({ code, fields, row }) => {
    if (code === "differs") return t(CONTACT_IMPORT.differs, { fields: listed(fields.map(fieldWord)) });
    if (code === "no_task") return t(CONTACT_IMPORT.noTask);
    return row === null ? t(CONTACT_IMPORT.sharesPhone) : t(CONTACT_IMPORT.sharesPhoneOfRow, { row });
  });
  return (
    <>{[...(samePersonAs === null ? [] : [t(CONTACT_IMPORT.samePerson, { row: samePersonAs })]), ...said].join(" ")}</>
  );
}

/** `subject.name` is the name, `subject.flags.language` the flag's own word. */
function fieldWord(field: string): string {
  return wordOf(SAID, field.replace(/^subject\./, "").replace(/^flags\./, ""));
}
