/** How many are followed up, and how many of them still lack something today. */

export interface Counts {
  readonly live: number;
  readonly lacking: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

interface Page {
  readonly items: readonly { readonly missing: readonly string[] }[];
  readonly next_cursor?: string | null;
}

/** As many as one question gives. */
export const A_PAGE = 200;
/** A district of some thousand is told as `2000+`. */
const MOST_PAGES = 10;

/** Counts page by page. Raises what `ask` raises. */
export async function countAll(ask: (page: { limit: number; cursor?: string }) => Promise<Page>): Promise<Counts> {
  let [live, lacking] = [0, 0];
  let cursor: string | null | undefined;
  for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
    const found = await ask({ limit: A_PAGE, ...(cursor && { cursor }) });
    live += found.items.length;
    lacking += found.items.filter(({ missing }) => missing.length > 0).length;
    cursor = found.next_cursor ?? null;
  }
  return { live, lacking, more: Boolean(cursor) };
}
