/** One table on its way in: read, checked row by row without writing anything, then sent. It goes on while the coordinator looks elsewhere. */

import { signal } from "@preact/signals";
import { answered, api, NoAnswer, type Problem, Refused, type Schemas } from "../../api/client.ts";
import { newId } from "../../api/ids.ts";
import { askWhere } from "../leaving.ts";
import { district } from "../model.ts";
import { chunks } from "./chunks.ts";
import { patiently } from "./retry.ts";
import {
  decode,
  type Encoding,
  NoTable,
  type Repeat,
  type Row,
  read,
  repeatsWithin,
  type Table,
  written,
} from "./table.ts";

type Item = Schemas["BatchItem"];

/** What checking found: `good` would be made, `known` is there already. */
export interface Verdict {
  readonly row: Row;
  readonly is: "good" | "known" | "bad";
  readonly problem: Problem | null;
  /** An open task that looks like it, or the earlier row that does. */
  readonly twin: { readonly taskId: string | null; readonly row: number | null } | null;
  readonly repeat: Repeat | null;
}

interface Chunk {
  readonly verdicts: readonly Verdict[];
  readonly body: string;
  /** The same for every try, so that a lost answer is given again and no row is made twice. */
  readonly key: string;
  items: readonly Item[] | null;
}

export type Stage = "reading" | "checking" | "checked" | "sending" | "stopped" | "done" | "failed";

export interface Import {
  readonly stage: Stage;
  readonly name: string;
  readonly districtId: string;
  readonly encoding: Encoding | null;
  readonly table: Table | null;
  readonly verdicts: readonly Verdict[];
  readonly chunks: readonly Chunk[];
  readonly skipTwins: boolean;
  /** Why it failed or stopped: NoTable, Refused, NoAnswer. */
  readonly error: unknown;
}

/** Rows looked at in one question: about a second of the dispatcher, so that the bar moves. */
const CHECKED_AT_ONCE = 1000;
/** Rows sent in one request, which is one transaction: larger ones are not faster. */
const SENT_AT_ONCE = 500;
const PATIENCE_MS = 60_000;

/** The table at hand; null: none. */
export const current = signal<Import | null>(null);
// Rows without a reference would be made again by another try.
askWhere(() => ["sending", "stopped"].includes(current.peek()?.stage ?? ""));

let running = 0;

/** Let go of the table; what was sent stays sent. */
export function forget(): void {
  running += 1;
  current.value = null;
}

/** Read a file and check its rows. */
export async function begin(file: File): Promise<void> {
  const run = ++running;
  current.value = { ...EMPTY, name: file.name, districtId: district.value?.id ?? "" };
  try {
    const { text, encoding } = decode(await bytesOf(file));
    update(run, { table: read(text), encoding });
  } catch (error) {
    update(run, { stage: "failed", error });
    return;
  }
  await check(run);
}

/** Raises NoTable: the file is gone, or may not be read. */
async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new NoTable("unreadable");
  }
}

const EMPTY: Import = {
  stage: "reading",
  name: "",
  districtId: "",
  encoding: null,
  table: null,
  verdicts: [],
  chunks: [],
  skipTwins: false,
  error: undefined,
};

/** Check again from where checking broke off. */
export function checkOn(): Promise<void> {
  return check(++running);
}

async function check(run: number): Promise<void> {
  update(run, { stage: "checking", error: undefined });
  const { table, verdicts: before = [] } = current.value ?? {};
  if (!table) return;
  const repeats = repeatsWithin(table);
  try {
    for (const rows of chunks(table.rows.slice(before.length), CHECKED_AT_ONCE)) {
      const body = written(table.header, rows);
      const { items } = await patiently(() => post("/v1/tasks/batch/preview", body));
      if (run !== running) return;
      const fresh = rows.map((row, place) => judged(row, items[place], rows, repeats));
      update(run, { verdicts: [...(current.value?.verdicts ?? []), ...fresh] });
    }
    update(run, { stage: "checked" });
  } catch (error) {
    update(run, { stage: error instanceof Refused && error.problem.status === 422 ? "failed" : "checking", error });
  }
}

/** Answers count the rows of their own request; people count those of their file. */
function judged(
  row: Row,
  item: Item | undefined,
  asked: readonly Row[],
  repeats: ReadonlyMap<number, Repeat>,
): Verdict {
  const inFile = (answered: number | null | undefined) => (answered ? (asked[answered - 2]?.number ?? null) : null);
  const warning = item?.warnings?.[0];
  const repeat = repeats.get(row.number) ?? null;
  const known = item?.status === "repeated" || (item?.status === "created" && repeat !== null);
  return {
    row,
    is: item?.status === "rejected" ? "bad" : known ? "known" : "good",
    problem: item?.problem ?? null,
    twin: warning ? { taskId: warning.task_id, row: inFile(warning.row) } : null,
    repeat,
  };
}

export function toSend(table: Pick<Import, "verdicts" | "skipTwins">): Verdict[] {
  return table.verdicts.filter(({ is, twin }) => is === "good" && !(table.skipTwins && twin));
}

export function leaveOutTwins(skipTwins: boolean): void {
  if (current.value) current.value = { ...current.value, skipTwins };
}

/** Send the good rows, or go on where sending stopped. */
export async function send(): Promise<void> {
  const run = ++running;
  const before = current.value;
  if (!before?.table) return;
  const { header } = before.table;
  const cut = () =>
    chunks(toSend(before), SENT_AT_ONCE).map((verdicts) => ({
      verdicts,
      body: written(
        header,
        verdicts.map(({ row }) => row),
      ),
      key: newId(),
      items: null,
    }));
  update(run, { stage: "sending", error: undefined, chunks: before.chunks.length ? before.chunks : cut() });
  try {
    for (const chunk of current.value?.chunks ?? []) {
      if (chunk.items) continue;
      const { items } = await patiently(() => post("/v1/tasks/batch", chunk.body, chunk.key));
      chunk.items = items;
      if (run !== running) {
        if (current.value) current.value = { ...current.value };
        return;
      }
      update(run, {});
    }
    update(run, { stage: "done" });
  } catch (error) {
    update(run, { stage: "stopped", error });
  }
}

/** After the request under way; `send` goes on. */
export function stop(): void {
  running += 1;
  if (current.value) current.value = { ...current.value, stage: "stopped", error: undefined };
}

function update(run: number, changes: Partial<Import>): void {
  if (run === running && current.value) current.value = { ...current.value, ...changes };
}

/** Raises Refused, NoAnswer. */
async function post(
  path: "/v1/tasks/batch" | "/v1/tasks/batch/preview",
  body: string,
  key?: string,
): Promise<Schemas["BatchOut"]> {
  const where = current.value?.districtId;
  if (!where) throw new NoAnswer("no table");
  return answered(
    api.POST(path, {
      params: { query: { district: where } },
      headers: { "Content-Type": "text/csv; charset=utf-8", ...(key ? { "Idempotency-Key": key } : {}) },
      body,
      bodySerializer: (text: unknown) => text as string,
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
}

export interface Counts {
  readonly created: number;
  readonly repeated: number;
  readonly sent: number;
  readonly toSend: number;
}

export function counted({ chunks: all, verdicts }: Import): Counts {
  const items = all.flatMap((chunk) => chunk.items ?? []);
  return {
    created: items.filter(({ status }) => status === "created").length,
    repeated:
      items.filter(({ status }) => status === "repeated").length + verdicts.filter(({ is }) => is === "known").length,
    sent: items.length,
    toSend: all.reduce((sum, { verdicts: rows }) => sum + rows.length, 0),
  };
}

export interface Refusal {
  readonly row: Row;
  readonly why: Problem | "twin" | "not_sent";
}

/** The rows that did not become tasks, in the order of the file. */
export function notTaken({ verdicts, chunks: all, skipTwins }: Import): Refusal[] {
  const atSending = new Map<Row, Refusal["why"]>();
  for (const { verdicts: sent, items } of all)
    sent.forEach(({ row }, place) => {
      const problem = items?.[place]?.problem;
      if (!items) atSending.set(row, "not_sent");
      else if (problem) atSending.set(row, problem);
    });
  return verdicts.flatMap(({ row, is, problem, twin }) => {
    const why = problem ?? atSending.get(row) ?? (skipTwins && twin && is === "good" ? "twin" : undefined);
    return why ? [{ row, why }] : [];
  });
}
