import { useState } from "preact/hooks";
import { type Text, t } from "../../texts/language.ts";
import { reasonWords } from "../tasks/reasons.ts";
import type { Import, Verdict } from "./importing.ts";
import type { Sort } from "./sort.ts";

const A_PAGE = 50;
const SIEVES = ["all", "bad", "noted", "known"] as const;
type Sieve = (typeof SIEVES)[number];

const KEEPS: Record<Sieve, (verdict: Verdict<unknown>) => boolean> = {
  all: () => true,
  bad: ({ is }) => is === "bad",
  noted: ({ is, note }) => is === "good" && note !== null,
  known: ({ is }) => is === "known",
};

interface Shown<Note> {
  sort: Sort<Note>;
  table: Import<Note>;
}

/** What checking found, row by row, in pages; bad rows first where there are any. */
export function Rows<Note>({ sort, table }: Shown<Note>) {
  const { texts } = sort;
  const said = { all: texts.showAll, bad: texts.bad, noted: texts.twins, known: texts.known };
  const has = (sieve: Sieve) => table.verdicts.filter(KEEPS[sieve]).length;
  const counts = { all: table.verdicts.length, bad: has("bad"), noted: has("noted"), known: has("known") };
  const [chosen, setChosen] = useState<Sieve>();
  const [page, setPage] = useState(0);
  const sieve = chosen ?? (table.stage !== "checking" && counts.bad ? "bad" : "all");
  const rows = table.verdicts.filter(KEEPS[sieve]);
  const pages = Math.max(1, Math.ceil(rows.length / A_PAGE));
  const at = Math.min(page, pages - 1);
  const good = table.verdicts.filter(({ is }) => is === "good").length;
  const sieves = SIEVES.filter((name) => name === "all" || counts[name] > 0);
  return (
    <div class="stack">
      <div class="row">
        <span class="badge badge--good">{t(texts.good, { n: good })}</span>
        {sieves.map((name) => (
          <button
            type="button"
            key={name}
            class="chip"
            aria-pressed={sieve === name}
            onClick={() => {
              setChosen(name);
              setPage(0);
            }}
          >
            {t(said[name], { n: counts[name] })}
          </button>
        ))}
      </div>
      {rows.length === 0 ? (
        <p>{t(texts.nothing)}</p>
      ) : (
        <Lines sort={sort} table={table} rows={rows.slice(at * A_PAGE, (at + 1) * A_PAGE)} />
      )}
      {pages > 1 && (
        <div class="row">
          <Turn text={texts.previous} to={at - 1} pages={pages} onTurn={setPage} />
          <span>{t(texts.page, { n: at + 1, all: pages })}</span>
          <Turn text={texts.next} to={at + 1} pages={pages} onTurn={setPage} />
        </div>
      )}
    </div>
  );
}

interface TurnProps {
  text: Text;
  to: number;
  pages: number;
  onTurn: (page: number) => void;
}

function Turn({ text, to, pages, onTurn }: TurnProps) {
  return (
    <button type="button" class="button" disabled={to < 0 || to >= pages} onClick={() => onTurn(to)}>
      {t(text)}
    </button>
  );
}

function Lines<Note>({ sort, table, rows }: Shown<Note> & { rows: readonly Verdict<Note>[] }) {
  const { texts } = sort;
  const header = table.table?.header ?? [];
  // A column in which no row says anything is left out.
  const used = header
    .map((_, column) => column)
    .filter((column) => table.verdicts.some(({ row }) => row.cells[column]?.trim()));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is wider than the page
    <section class="rows" tabIndex={0} aria-label={t(texts.rowsOfTable)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(texts.row)}</th>
            <th scope="col">{t(texts.verdict)}</th>
            {used.map((column) => (
              <th scope="col" key={column}>
                {header[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((verdict) => (
            <tr key={verdict.row.number} class={`rows__row rows__row--${verdict.is}`}>
              <th scope="row">{verdict.row.number}</th>
              <td class="rows__verdict">
                <VerdictWords sort={sort} verdict={verdict} />
              </td>
              {used.map((column) => (
                <td key={column}>
                  <span class="rows__cell">{verdict.row.cells[column]}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function VerdictWords<Note>({ sort, verdict }: { sort: Sort<Note>; verdict: Verdict<Note> }) {
  const { is, problem, note, repeat } = verdict;
  const { texts, NoteWords } = sort;
  if (is === "bad") return <span class="rows__bad">{problem ? reasonWords(problem, sort.columns) : ""}</span>;
  if (is === "known")
    return (
      <span>{repeat ? t(texts.twinInFile, { row: repeat.row, column: repeat.column }) : t(texts.sentBefore)}</span>
    );
  if (note === null) return <span class="rows__good">{t(texts.fine)}</span>;
  return (
    <span class="rows__twin">
      <NoteWords note={note} />
    </span>
  );
}
