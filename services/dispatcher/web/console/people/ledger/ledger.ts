/** The ledger of a district's day: everybody's items, counted. */

import type { Schemas } from "../../../api/client.ts";

export type Row = Schemas["LedgerRow"];

export interface Ledger {
  /** Along the doors, as one would walk them. */
  readonly rows: readonly Row[];
  /** There are more people than were read. */
  readonly more: boolean;
}

export interface ItemCount {
  readonly code: string;
  readonly names: Readonly<Record<string, string>>;
  readonly due: number;
  /** Of what was due. */
  readonly done: number;
  /** How many people lack it. */
  readonly lacking: number;
}

interface Page {
  readonly items: readonly Row[];
  readonly next_cursor?: string | null;
}

const A_PAGE = 200;
const MOST_PAGES = 15;

/** All of a day, page by page. Raises what `ask` raises. */
export async function wholeLedger(ask: (page: { limit: number; cursor?: string }) => Promise<Page>): Promise<Ledger> {
  const rows: Row[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
    const found = await ask({ limit: A_PAGE, ...(cursor && { cursor }) });
    rows.push(...found.items);
    cursor = found.next_cursor ?? null;
  }
  return { rows: byDoor(rows), more: Boolean(cursor) };
}

function byDoor(rows: readonly Row[]): Row[] {
  const order = new Intl.Collator("zh", { numeric: true });
  return [...rows].sort(
    (a, b) =>
      order.compare(a.household?.address ?? "", b.household?.address ?? "") ||
      order.compare(a.subject.name, b.subject.name),
  );
}

/** Item by item over everybody, in the order in which the ledgers name them. */
export function itemCounts(rows: readonly Row[]): ItemCount[] {
  const counts = new Map<string, ItemCount>();
  for (const { items } of rows) {
    for (const { code, names, due, done } of items) {
      const before = counts.get(code) ?? { code, names, due: 0, done: 0, lacking: 0 };
      counts.set(code, {
        ...before,
        due: before.due + due,
        done: before.done + Math.min(done, due),
        lacking: before.lacking + Number(done < due),
      });
    }
  }
  return [...counts.values()];
}
