/** One table on its way in: read, checked row by row without writing anything, then sent. It goes on while the coordinator looks elsewhere. */

import { type Signal, signal } from "@preact/signals";
import { NoAnswer, type Problem, Refused } from "../../api/client.ts";
import { newId } from "../../api/ids.ts";
import { askWhere } from "../leaving.ts";
import { district } from "../model.ts";
import { chunks } from "../tasks/chunks.ts";
import { patiently } from "../tasks/retry.ts";
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
} from "../tasks/table.ts";

/** The answer to one row, whatever the table is of. */
export interface Item {
  readonly status: string;
  readonly problem?: Problem | null;
}

/** What checking found: `good` would be made, `known` is there already. */
export interface Verdict<Note> {
  readonly row: Row;
  readonly is: "good" | "known" | "bad";
  readonly problem: Problem | null;
  /** What somebody should look at before it is sent. */
  readonly note: Note | null;
  readonly repeat: Repeat | null;
}

interface Chunk<Note> {
  readonly verdicts: readonly Verdict<Note>[];
  readonly body: string;
  /** The same for every try, so that a lost answer is given again and no row is made twice. */
  readonly key: string;
  items: readonly Item[] | null;
}

export type Stage = "reading" | "checking" | "checked" | "sending" | "stopped" | "done" | "failed";

export interface Import<Note> {
  readonly stage: Stage;
  readonly name: string;
  readonly districtId: string;
  /** What was chosen beside the file, such as whose contacts these are; "": nothing. */
  readonly about: string;
  readonly encoding: Encoding | null;
  readonly table: Table | null;
  readonly verdicts: readonly Verdict<Note>[];
  readonly chunks: readonly Chunk<Note>[];
  readonly skipNoted: boolean;
  /** Why it failed or stopped: NoTable, Refused, NoAnswer. */
  readonly error: unknown;
}

/** A request of the API that takes such tables, and what its answers say. */
export interface Asking<I extends Item, Note> {
  /** Raises Refused, NoAnswer. `key`: an Idempotency-Key; null: only check. */
  readonly post: (table: { district: string; about: string; body: string; key: string | null }) => Promise<{
    items: readonly I[];
  }>;
  /** Columns that name a row: said again further down, it is the same one. */
  readonly names: readonly string[];
  /** `inFile`: the row of the file that an answer means by a row of its request. */
  readonly noted: (item: I, inFile: (answered: number | null | undefined) => number | null) => Note | null;
}

export interface Importing<Note> {
  /** The table at hand; null: none. */
  readonly current: Signal<Import<Note> | null>;
  /** Read a file and check its rows. */
  readonly begin: (file: File, about?: string) => Promise<void>;
  /** Check again from where checking broke off. */
  readonly checkOn: () => Promise<void>;
  /** Send the good rows, or go on where sending stopped. */
  readonly send: () => Promise<void>;
  /** After the request under way; `send` goes on. */
  readonly stop: () => void;
  readonly leaveOutNoted: (skipNoted: boolean) => void;
  /** Let go of the table; what was sent stays sent. */
  readonly forget: () => void;
}

/** Rows looked at in one question: about a second of the dispatcher, so that the bar moves. */
const CHECKED_AT_ONCE = 1000;
/** Rows sent in one request, which is one transaction: larger ones are not faster. */
const SENT_AT_ONCE = 500;

const EMPTY = {
  stage: "reading",
  name: "",
  districtId: "",
  about: "",
  encoding: null,
  table: null,
  verdicts: [],
  chunks: [],
  skipNoted: false,
  error: undefined,
} as const satisfies Import<never>;

export function importing<I extends Item, Note>(asking: Asking<I, Note>): Importing<Note> {
  const current = signal<Import<Note> | null>(null);
  // Rows without a reference would be made again by another try.
  askWhere(() => ["sending", "stopped"].includes(current.peek()?.stage ?? ""));
  let running = 0;

  function update(run: number, changes: Partial<Import<Note>>): void {
    if (run === running && current.value) current.value = { ...current.value, ...changes };
  }

  function post(body: string, key: string | null) {
    const { districtId = "", about = "" } = current.value ?? {};
    if (!districtId) throw new NoAnswer("no table");
    return asking.post({ district: districtId, about, body, key });
  }

  async function begin(file: File, about = ""): Promise<void> {
    const run = ++running;
    current.value = { ...EMPTY, name: file.name, about, districtId: district.value?.id ?? "" };
    try {
      const { text, encoding } = decode(await bytesOf(file));
      update(run, { table: read(text), encoding });
    } catch (error) {
      update(run, { stage: "failed", error });
      return;
    }
    await check(run);
  }

  async function check(run: number): Promise<void> {
    update(run, { stage: "checking", error: undefined });
    const { table, verdicts: before = [] } = current.value ?? {};
    if (!table) return;
    const repeats = repeatsWithin(table, asking.names);
    try {
      for (const rows of chunks(table.rows.slice(before.length), CHECKED_AT_ONCE)) {
        const body = written(table.header, rows);
        const { items } = await patiently(() => post(body, null));
        if (run !== running) return;
        const fresh = rows.map((row, place) => judged(row, items[place], rows, repeats, asking));
        update(run, { verdicts: [...(current.value?.verdicts ?? []), ...fresh] });
      }
      update(run, { stage: "checked" });
    } catch (error) {
      update(run, { stage: error instanceof Refused && error.problem.status === 422 ? "failed" : "checking", error });
    }
  }

  async function send(): Promise<void> {
    const run = ++running;
    const before = current.value;
    if (!before?.table) return;
    update(run, { stage: "sending", error: undefined, chunks: before.chunks.length ? before.chunks : cut(before) });
    try {
      for (const chunk of current.value?.chunks ?? []) {
        if (chunk.items) continue;
        const { items } = await patiently(() => post(chunk.body, chunk.key));
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

  return {
    current,
    begin,
    checkOn: () => check(++running),
    send,
    stop: () => {
      running += 1;
      if (current.value) current.value = { ...current.value, stage: "stopped", error: undefined };
    },
    leaveOutNoted: (skipNoted) => {
      if (current.value) current.value = { ...current.value, skipNoted };
    },
    forget: () => {
      running += 1;
      current.value = null;
    },
  };
}

/** Raises NoTable: the file is gone, or may not be read. */
async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new NoTable("unreadable");
  }
}

/** Answers count the rows of their own request; people count those of their file. */
function judged<I extends Item, Note>(
  row: Row,
  item: I | undefined,
  asked: readonly Row[],
  repeats: ReadonlyMap<number, Repeat>,
  asking: Asking<I, Note>,
): Verdict<Note> {
  const inFile = (answered: number | null | undefined) => (answered ? (asked[answered - 2]?.number ?? null) : null);
  const repeat = repeats.get(row.number) ?? null;
  const known = item?.status === "repeated" || (item?.status === "created" && repeat !== null);
  return {
    row,
    is: item?.status === "rejected" ? "bad" : known ? "known" : "good",
    problem: item?.problem ?? null,
    note: item ? asking.noted(item, inFile) : null,
    repeat,
  };
}

export function toSend<Note>(table: Pick<Import<Note>, "verdicts" | "skipNoted">): Verdict<Note>[] {
  return table.verdicts.filter(({ is, note }) => is === "good" && !(table.skipNoted && note));
}

function cut<Note>(table: Import<Note>): Chunk<Note>[] {
  return chunks(toSend(table), SENT_AT_ONCE).map((verdicts) => ({
    verdicts,
    body: written(
      table.table?.header ?? [],
      verdicts.map(({ row }) => row),
    ),
    key: newId(),
    items: null,
  }));
}

export interface Counts {
  readonly created: number;
  /** Known before, and more is known now. */
  readonly merged: number;
  readonly repeated: number;
  readonly sent: number;
  readonly toSend: number;
}

export function counted({ chunks: all, verdicts }: Pick<Import<unknown>, "chunks" | "verdicts">): Counts {
  const items = all.flatMap((chunk) => chunk.items ?? []);
  const are = (wanted: string) => items.filter(({ status }) => status === wanted).length;
  return {
    created: are("created"),
    merged: are("merged") + are("changed"),
    repeated: are("repeated") + verdicts.filter(({ is }) => is === "known").length,
    sent: items.length,
    toSend: all.reduce((sum, { verdicts: rows }) => sum + rows.length, 0),
  };
}

export interface Refusal {
  readonly row: Row;
  readonly why: Problem | "left_out" | "not_sent";
}

/** The rows that were not taken in, in the order of the file. */
export function notTaken({ verdicts, chunks: all, skipNoted }: Import<unknown>): Refusal[] {
  const atSending = new Map<Row, Refusal["why"]>();
  for (const { verdicts: sent, items } of all)
    sent.forEach(({ row }, place) => {
      const problem = items?.[place]?.problem;
      if (!items) atSending.set(row, "not_sent");
      else if (problem) atSending.set(row, problem);
    });
  return verdicts.flatMap(({ row, is, problem, note }) => {
    const why = problem ?? atSending.get(row) ?? (skipNoted && note && is === "good" ? "left_out" : undefined);
    return why ? [{ row, why }] : [];
  });
}
