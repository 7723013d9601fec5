/** Lists that grow by a page at a time. */

export interface Listed<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | null;
}

const A_PAGE = 50;

/** The first so many pages in one list. Raises what `ask` raises. */
export async function pagesOf<T>(
  pages: number,
  ask: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<Listed<T>> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < pages && cursor !== null; page++) {
    const found = await ask({ limit: A_PAGE, ...(cursor && { cursor }) });
    items.push(...found.items);
    cursor = found.next_cursor ?? null;
  }
  return { items, more: Boolean(cursor) };
}
