/** Which rows of a long list to draw: those that are seen, and a few around them. */

export interface Rows {
  readonly first: number;
  /** One behind the last. */
  readonly end: number;
}

const AROUND = 8;

export function rowsSeen(scrollTop: number, height: number, rowHeight: number, count: number): Rows {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - AROUND);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + AROUND);
  return { first: Math.min(first, Math.max(0, end)), end };
}

/** Where to scroll so that a row is seen whole: as little as it takes. */
export function scrollTo(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}
