/** A table as a CSV file: read in whatever writing a spreadsheet left it, and what was not taken written out again. */

import Papa from "papaparse";

export type Encoding = "UTF-8" | "UTF-8 (BOM)" | "GB18030";

export interface Row {
  /** As spreadsheets count: the header is row 1. */
  readonly number: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
}

/** Why a file is no table; a sentence of `texts/console-tasks.ts` says it. */
export class NoTable extends Error {
  readonly why: "unreadable" | "notText" | "tooLarge" | "noRows" | "broken";
  readonly row: number;
  constructor(why: NoTable["why"], row = 0) {
    super(why);
    this.why = why;
    this.row = row;
  }
}

/** Rows beyond this are the command line's: a page that holds them all gets slow. */
export const MOST_ROWS = 50_000;
/** The column of reasons in a table of rejected rows; it and what follows is left out when the table comes again. */
export const PROBLEM = "problem";
const BOM = "\ufeff";

/** The text and how it was written. Raises NoTable. */
export function decode(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  for (const [label, encoding] of [
    ["utf-8", marked ? "UTF-8 (BOM)" : "UTF-8"],
    ["gb18030", "GB18030"],
  ] as const) {
    try {
      return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding };
    } catch {
      if (marked) break;
    }
  }
  throw new NoTable("notText");
}

/** The rows that have something in them. Commas, semicolons and tabs are understood. Raises NoTable. */
export function read(text: string): Table {
  const { data, errors } = Papa.parse<string[]>(text.replace(BOM, ""), { delimiter: delimiterOf(text) });
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) throw new NoTable("broken", (broken.row ?? 0) + 1);
  const [first = [], ...rest] = data;
  const end = first.findIndex((name) => name.trim().toLowerCase() === PROBLEM);
  const kept = (cells: readonly string[]) => (end < 0 ? cells : cells.slice(0, end));
  const rows = rest
    .map((cells, index) => ({ number: index + 2, cells: kept(cells) }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  if (rows.length === 0) throw new NoTable("noRows");
  if (rows.length > MOST_ROWS) throw new NoTable("tooLarge");
  return { header: kept(first), rows };
}

/** What separates the names of the header, which hold none of these themselves. */
function delimiterOf(text: string): string {
  const [header = ""] = text.split(/[\r\n]/, 1);
  const often = (mark: string) => header.split(mark).length;
  return [",", ";", "\t"].reduce((best, mark) => (often(mark) > often(best) ? mark : best));
}

/** The same rows as UTF-8 with commas, as the API reads them. The same rows make the same bytes. */
export function written(header: readonly string[], rows: readonly Row[]): string {
  return Papa.unparse([header, ...rows.map(({ cells }) => cells)] as string[][]);
}

export interface NotTaken {
  readonly row: Row;
  readonly reason: string;
}

/** The table of what was not taken, with a column of reasons: mended, it is imported as it is. */
export function rejectedTable(header: readonly string[], notTaken: readonly NotTaken[]): string {
  const width = header.length;
  const lines = notTaken.map(({ row, reason }) => {
    const cells = [...row.cells, ...Array<string>(Math.max(0, width - row.cells.length)).fill("")];
    return [...cells.slice(0, width), ...cells.slice(width), reason].map((cell) => escapeCell(readCell(cell)));
  });
  return BOM + Papa.unparse([[...header, PROBLEM], ...lines] as string[][]);
}

/** How a cell begins that a spreadsheet may run as a formula, also behind apostrophes (OWASP, CSV Injection). */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

function escapeCell(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function readCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

export interface Repeat {
  readonly column: string;
  readonly row: number;
}

/** Of each row that has in one of these columns what an earlier row has there: which. A preview in chunks cannot see that. */
export function repeatsWithin({ header, rows }: Table, columns: readonly string[]): Map<number, Repeat> {
  const found = new Map<number, Repeat>();
  for (const column of columns) {
    const at = header.findIndex((name) => name.trim().toLowerCase() === column);
    const first = new Map<string, number>();
    for (const { number, cells } of at < 0 ? [] : rows) {
      const value = cells[at]?.trim();
      if (!value) continue;
      const earlier = first.get(value);
      if (earlier === undefined) first.set(value, number);
      else if (!found.has(number)) found.set(number, { column, row: earlier });
    }
  }
  return found;
}

/** What stands in the example file: the columns in use, and a row of each sort. */
export function example(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  return BOM + Papa.unparse([columns, ...rows.map((row) => columns.map((name) => row[name] ?? ""))] as string[][]);
}
