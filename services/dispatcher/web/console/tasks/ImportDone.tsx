import { IMPORT } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { download } from "./download.ts";
import { counted, forget, type Import, notTaken, type Refusal } from "./importing.ts";
import { reasonWords } from "./reasons.ts";
import { rejectedTable } from "./table.ts";

/** What became of the table; the rows that were not taken are there to be mended. */
export function ImportDone({ table }: { table: Import }) {
  const { created, repeated } = counted(table);
  const refused = notTaken(table);
  const save = () => {
    const rows = refused.map(({ row, why }) => ({ row, reason: reasonOf(why) }));
    download(`${table.name.replace(/\.[^.]*$/, "")}.rejected.csv`, rejectedTable(table.table?.header ?? [], rows));
  };
  return (
    <div class="stack">
      <div class={refused.length ? "notice notice--warn" : "notice notice--good"} role="status">
        <strong>{t(IMPORT.done)}</strong>
        <ul>
          <li>{t(IMPORT.created, { n: created })}</li>
          {repeated > 0 && <li>{t(IMPORT.repeated, { n: repeated })}</li>}
          {refused.length > 0 && <li>{t(IMPORT.rejected, { n: refused.length })}</li>}
        </ul>
      </div>
      {refused.length > 0 && (
        <>
          <div class="row">
            <button type="button" class="button button--primary" onClick={save}>
              {t(IMPORT.download, { n: refused.length })}
            </button>
          </div>
          <p class="task__quiet">{t(IMPORT.mend)}</p>
        </>
      )}
      <div class="row">
        <button type="button" class="button" onClick={forget}>
          {t(IMPORT.other)}
        </button>
        <a class="button" href="#/">
          {t(IMPORT.toBoard)}
        </a>
      </div>
    </div>
  );
}

function reasonOf(why: Refusal["why"]): string {
  if (why === "twin") return t(IMPORT.leftOutReason);
  return why === "not_sent" ? t(IMPORT.notSent) : reasonWords(why);
}
