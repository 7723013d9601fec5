import "./tasks.css";
import { isLoggedOut, Refused } from "../../api/client.ts";
import { IMPORT, ONLY_READS } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { district, districts, mayChange } from "../model.ts";
import { ImportChoose } from "./ImportChoose.tsx";
import { ImportDone } from "./ImportDone.tsx";
import { ImportRows } from "./ImportRows.tsx";
import { checkOn, counted, current, forget, type Import, leaveOutTwins, send, stop, toSend } from "./importing.ts";
import { reasonWords } from "./reasons.ts";
import { MOST_ROWS, NoTable } from "./table.ts";

/** A table of tasks: chosen, checked without writing anything, sent, and what was not taken given back. */
export function ImportTasks() {
  const table = current.value;
  if (!mayChange.value) return <p class="notice notice--info">{t(ONLY_READS)}</p>;
  return (
    <section class="task import">
      <h2>{t(IMPORT.title)}</h2>
      {table === null ? <ImportChoose /> : <Stages table={table} />}
    </section>
  );
}

function Stages({ table }: { table: Import }) {
  const elsewhere = table.districtId !== district.value?.id;
  const name = districts.value.find(({ id }) => id === table.districtId)?.name ?? "";
  return (
    <>
      {elsewhere && <p class="notice notice--warn">{t(IMPORT.elsewhere, { name })}</p>}
      {table.table && table.encoding ? (
        <p>{t(IMPORT.readAs, { name: table.name, rows: table.table.rows.length, encoding: table.encoding })}</p>
      ) : (
        <p>{table.stage === "reading" ? t(IMPORT.reading) : table.name}</p>
      )}
      {table.stage === "failed" && <Failed error={table.error} />}
      {table.stage === "checking" && <Checking table={table} />}
      {table.stage === "checked" && <Checked table={table} />}
      {(table.stage === "sending" || table.stage === "stopped") && <Sending table={table} />}
      {table.stage === "done" && <ImportDone table={table} />}
      {table.stage !== "done" && table.verdicts.length > 0 && <ImportRows table={table} />}
    </>
  );
}

function OtherFile() {
  return (
    <button type="button" class="button" onClick={forget}>
      {t(IMPORT.other)}
    </button>
  );
}

function Failed({ error }: { error: unknown }) {
  return (
    <div class="stack">
      {error instanceof NoTable ? (
        <p class="notice notice--bad" role="alert">
          {t(IMPORT[error.why], { row: error.row, most: MOST_ROWS })}
        </p>
      ) : (
        <div class="notice notice--bad" role="alert">
          {error instanceof Refused ? reasonWords(error.problem) : ""}
        </div>
      )}
      <div class="row">
        <OtherFile />
      </div>
    </div>
  );
}

function Checking({ table }: { table: Import }) {
  const [done, all] = [table.verdicts.length, table.table?.rows.length ?? 0];
  return (
    <div class="stack">
      <Bar done={done} all={all} text={t(IMPORT.checking, { done, all })} />
      {table.error !== undefined && (
        <>
          <ProblemNote error={table.error} />
          <div class="row">
            <button type="button" class="button button--primary" onClick={() => void checkOn()}>
              {t(IMPORT.goOn)}
            </button>
            <OtherFile />
          </div>
        </>
      )}
    </div>
  );
}

/** How far it is, to eyes and to screen readers. */
function Bar({ done, all, text }: { done: number; all: number; text: string }) {
  return (
    <div class="bar">
      <progress value={done} max={all} aria-label={t(IMPORT.progress)} />
      <span role="status">{text}</span>
    </div>
  );
}

function Checked({ table }: { table: Import }) {
  const good = toSend(table).length;
  const hasTwins = table.verdicts.some(({ is, twin }) => is === "good" && twin);
  return (
    <div class="stack">
      {hasTwins && (
        <label class="row">
          <input
            type="checkbox"
            checked={table.skipTwins}
            onChange={(event) => leaveOutTwins(event.currentTarget.checked)}
          />
          {t(IMPORT.skipTwins)}
        </label>
      )}
      <div class="row">
        <button type="button" class="button button--primary" disabled={good === 0} onClick={() => void send()}>
          {good ? t(IMPORT.send, { n: good }) : t(IMPORT.sendNone)}
        </button>
        <OtherFile />
      </div>
    </div>
  );
}

function Sending({ table }: { table: Import }) {
  const { sent, toSend: all } = counted(table);
  const given = { done: sent, all };
  if (table.stage === "sending")
    return (
      <div class="stack">
        <Bar {...given} text={t(IMPORT.sending, given)} />
        <div class="row">
          <button type="button" class="button" onClick={stop}>
            {t(IMPORT.stop)}
          </button>
        </div>
      </div>
    );
  return (
    <div class="stack">
      <Bar {...given} text={t(IMPORT.paused, given)} />
      {table.error !== undefined && (
        <>
          <ProblemNote error={table.error} />
          <p class="notice notice--info">{t(isLoggedOut(table.error) ? IMPORT.loggedOut : IMPORT.lost)}</p>
        </>
      )}
      <div class="row">
        <button type="button" class="button button--primary" onClick={() => void send()}>
          {t(IMPORT.goOn)}
        </button>
        <OtherFile />
      </div>
    </div>
  );
}
