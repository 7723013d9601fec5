import { useState } from "preact/hooks";
import { IMPORT } from "../../texts/console-tasks.ts";
import { type Text, t } from "../../texts/language.ts";
import type { Import, Verdict } from "./importing.ts";
import { reasonWords } from "./reasons.ts";

const A_PAGE = 50;
type Sieve = "all" | "bad" | "twins" | "known";

const SIEVES = { all: IMPORT.showAll, bad: IMPORT.bad, twins: IMPORT.twins, known: IMPORT.known };
const KEEPS: Record<Sieve, (verdict: Verdict) => boolean> = {
  all: () => true,
  bad: ({ is }) => is === "bad",
  twins: ({ is, twin }) => is === "good" && twin !== null,
  known: ({ is }) => is === "known",
};

/** What checking found, row by row, in pages; bad rows first where there are any. */
export function ImportRows({ table }: { table: Import }) {
  const has = (sieve: Sieve) => table.verdicts.filter(KEEPS[sieve]).length;
  const counts = { all: table.verdicts.length, bad: has("bad"), twins: has("twins"), known: has("known") };
  const [chosen, setChosen] = useState<Sieve>();
  const [page, setPage] = useState(0);
  const sieve = chosen ?? (table.stage !== "checking" && counts.bad ? "bad" : "all");
  const rows = table.verdicts.filter(KEEPS[sieve]);
  const pages = Math.max(1, Math.ceil(rows.length / A_PAGE));
  const at = Math.min(page, pages - 1);
  const good = table.verdicts.filter(({ is }) => is === "good").length;
  const sieves = (["all", "bad", "twins", "known"] as const).filter((name) => name === "all" || counts[name] > 0);
  return (
    <div class="stack">
      <div class="row">
        <span class="badge badge--good">{t(IMPORT.good, { n: good })}</span>
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
            {t(SIEVES[name], { n: counts[name] })}
          </button>
        ))}
      </div>
      {rows.length === 0 ? (
        <p>{t(IMPORT.nothing)}</p>
      ) : (
        <Rows table={table} rows={rows.slice(at * A_PAGE, (at + 1) * A_PAGE)} />
      )}
      {pages > 1 && (
        <div class="row">
          <Turn text={IMPORT.previous} to={at - 1} pages={pages} onTurn={setPage} />
          <span>{t(IMPORT.page, { n: at + 1, all: pages })}</span>
          <Turn text={IMPORT.next} to={at + 1} pages={pages} onTurn={setPage} />
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

function Rows({ table, rows }: { table: Import; rows: readonly Verdict[] }) {
  const header = table.table?.header ?? [];
  // A column in which no row says anything is left out.
  const used = header
    .map((_, column) => column)
    .filter((column) => table.verdicts.some(({ row }) => row.cells[column]?.trim()));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is wider than the page
    <section class="rows" tabIndex={0} aria-label={t(IMPORT.rowsOfTable)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(IMPORT.row)}</th>
            <th scope="col">{t(IMPORT.verdict)}</th>
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
                <VerdictWords verdict={verdict} />
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

function VerdictWords({ verdict }: { verdict: Verdict }) {
  const { is, problem, twin, repeat } = verdict;
  if (is === "bad") return <span class="rows__bad">{problem ? reasonWords(problem) : ""}</span>;
  if (is === "known")
    return (
      <span>{repeat ? t(IMPORT.twinInFile, { row: repeat.row, column: repeat.column }) : t(IMPORT.sentBefore)}</span>
    );
  if (!twin) return <span class="rows__good">{t(IMPORT.fine)}</span>;
  return (
    <span class="rows__twin">
      {twin.row ? t(IMPORT.likeRow, { row: twin.row }) : t(IMPORT.twin)}{" "}
      {twin.taskId && <a href={`#/task/${twin.taskId}`}>{t(IMPORT.openTwin)}</a>}
    </span>
  );
}
