import "../tasks/tasks.css";
import { isLoggedOut, Refused } from "../../api/client.ts";
import { ONLY_READS } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { district, districts, mayChange } from "../model.ts";
import { reasonWords } from "../tasks/reasons.ts";
import { MOST_ROWS, NoTable } from "../tasks/table.ts";
import { Choose } from "./Choose.tsx";
import { Done } from "./Done.tsx";
import { counted, type Import, toSend } from "./importing.ts";
import { Rows } from "./Rows.tsx";
import type { Sort } from "./sort.ts";

interface Shown<Note> {
  sort: Sort<Note>;
  table: Import<Note>;
}

/** A table: chosen, checked without writing anything, sent, and what was not taken given back. `about`: see `Import`. */
export function ImportPage<Note>({ sort, about = "" }: { sort: Sort<Note>; about?: string }) {
  const table = sort.state.current.value;
  if (!mayChange.value) return <p class="notice notice--info">{t(ONLY_READS)}</p>;
  return (
    <section class="task import">
      <h2>{t(sort.texts.title)}</h2>
      {table === null ? <Choose sort={sort} about={about} /> : <Stages sort={sort} table={table} />}
    </section>
  );
}

function Stages<Note>({ sort, table }: Shown<Note>) {
  const { texts } = sort;
  const elsewhere = table.districtId !== district.value?.id;
  const name = districts.value.find(({ id }) => id === table.districtId)?.name ?? "";
  return (
    <>
      {elsewhere && <p class="notice notice--warn">{t(texts.elsewhere, { name })}</p>}
      {table.table && table.encoding ? (
        <p>{t(texts.readAs, { name: table.name, rows: table.table.rows.length, encoding: table.encoding })}</p>
      ) : (
        <p>{table.stage === "reading" ? t(texts.reading) : table.name}</p>
      )}
      {table.stage === "failed" && <Failed sort={sort} error={table.error} />}
      {table.stage === "checking" && <Checking sort={sort} table={table} />}
      {table.stage === "checked" && <Checked sort={sort} table={table} />}
      {(table.stage === "sending" || table.stage === "stopped") && <Sending sort={sort} table={table} />}
      {table.stage === "done" && <Done sort={sort} table={table} />}
      {table.stage !== "done" && table.verdicts.length > 0 && <Rows sort={sort} table={table} />}
    </>
  );
}

function OtherFile<Note>({ sort }: { sort: Sort<Note> }) {
  return (
    <button type="button" class="button" onClick={sort.state.forget}>
      {t(sort.texts.other)}
    </button>
  );
}

function Failed<Note>({ sort, error }: { sort: Sort<Note>; error: unknown }) {
  const { texts } = sort;
  return (
    <div class="stack">
      {error instanceof NoTable ? (
        <p class="notice notice--bad" role="alert">
          {t(texts[error.why], { row: error.row, most: MOST_ROWS })}
        </p>
      ) : (
        <div class="notice notice--bad" role="alert">
          {error instanceof Refused ? reasonWords(error.problem, sort.columns) : ""}
        </div>
      )}
      <div class="row">
        <OtherFile sort={sort} />
      </div>
    </div>
  );
}

function Checking<Note>({ sort, table }: Shown<Note>) {
  const { texts } = sort;
  const [done, all] = [table.verdicts.length, table.table?.rows.length ?? 0];
  return (
    <div class="stack">
      <Bar label={t(texts.progress)} done={done} all={all} text={t(texts.checking, { done, all })} />
      {table.error !== undefined && (
        <>
          <ProblemNote error={table.error} />
          <div class="row">
            <button type="button" class="button button--primary" onClick={() => void sort.state.checkOn()}>
              {t(texts.goOn)}
            </button>
            <OtherFile sort={sort} />
          </div>
        </>
      )}
    </div>
  );
}

/** How far it is, to eyes and to screen readers. */
function Bar({ label, done, all, text }: { label: string; done: number; all: number; text: string }) {
  return (
    <div class="bar">
      <progress value={done} max={all} aria-label={label} />
      <span role="status">{text}</span>
    </div>
  );
}

function Checked<Note>({ sort, table }: Shown<Note>) {
  const { texts } = sort;
  const good = toSend(table).length;
  const mayLeaveOut = sort.leavesOut && table.verdicts.some(({ is, note }) => is === "good" && note);
  return (
    <div class="stack">
      {mayLeaveOut && (
        <label class="row">
          <input
            type="checkbox"
            checked={table.skipNoted}
            onChange={(event) => sort.state.leaveOutNoted(event.currentTarget.checked)}
          />
          {t(texts.skipTwins)}
        </label>
      )}
      <div class="row">
        <button
          type="button"
          class="button button--primary"
          disabled={good === 0}
          onClick={() => void sort.state.send()}
        >
          {good ? t(texts.send, { n: good }) : t(texts.sendNone)}
        </button>
        <OtherFile sort={sort} />
      </div>
    </div>
  );
}

function Sending<Note>({ sort, table }: Shown<Note>) {
  const { texts } = sort;
  const { sent, toSend: all } = counted(table);
  const given = { done: sent, all };
  if (table.stage === "sending")
    return (
      <div class="stack">
        <Bar label={t(texts.progress)} {...given} text={t(texts.sending, given)} />
        <div class="row">
          <button type="button" class="button" onClick={sort.state.stop}>
            {t(texts.stop)}
          </button>
        </div>
      </div>
    );
  return (
    <div class="stack">
      <Bar label={t(texts.progress)} {...given} text={t(texts.paused, given)} />
      {table.error !== undefined && (
        <>
          <ProblemNote error={table.error} />
          <p class="notice notice--info">{t(isLoggedOut(table.error) ? texts.loggedOut : texts.lost)}</p>
        </>
      )}
      <div class="row">
        <button type="button" class="button button--primary" onClick={() => void sort.state.send()}>
          {t(texts.goOn)}
        </button>
        <OtherFile sort={sort} />
      </div>
    </div>
  );
}
