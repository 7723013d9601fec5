import { t } from "../../texts/language.ts";
import { download } from "../tasks/download.ts";
import { reasonWords } from "../tasks/reasons.ts";
import { rejectedTable } from "../tasks/table.ts";
import { counted, type Import, notTaken, type Refusal } from "./importing.ts";
import type { Sort } from "./sort.ts";

/** What became of the table; the rows that were not taken are there to be mended. */
export function Done<Note>({ sort, table }: { sort: Sort<Note>; table: Import<Note> }) {
  const { texts } = sort;
  const { created, merged, repeated } = counted(table);
  const refused = notTaken(table);
  const save = () => {
    const rows = refused.map(({ row, why }) => ({ row, reason: reasonOf(why, sort) }));
    download(`${table.name.replace(/\.[^.]*$/, "")}.rejected.csv`, rejectedTable(table.table?.header ?? [], rows));
  };
  return (
    <div class="stack">
      <div class={refused.length ? "notice notice--warn" : "notice notice--good"} role="status">
        <strong>{t(texts.done)}</strong>
        <ul>
          <li>{t(texts.created, { n: created })}</li>
          {merged > 0 && <li>{t(texts.merged, { n: merged })}</li>}
          {repeated > 0 && <li>{t(texts.repeated, { n: repeated })}</li>}
          {refused.length > 0 && <li>{t(texts.rejected, { n: refused.length })}</li>}
        </ul>
      </div>
      {refused.length > 0 && (
        <>
          <div class="row">
            <button type="button" class="button button--primary" onClick={save}>
              {t(texts.download, { n: refused.length })}
            </button>
          </div>
          <p class="task__quiet">{t(texts.mend)}</p>
        </>
      )}
      <div class="row">
        <button type="button" class="button" onClick={sort.state.forget}>
          {t(texts.other)}
        </button>
        <a class="button" href={`#${sort.after.to}`}>
          {t(sort.after.text)}
        </a>
      </div>
    </div>
  );
}

function reasonOf<Note>(why: Refusal["why"], { texts, columns }: Sort<Note>): string {
  if (why === "left_out") return t(texts.leftOutReason);
  return why === "not_sent" ? t(texts.notSent) : reasonWords(why, columns);
}
