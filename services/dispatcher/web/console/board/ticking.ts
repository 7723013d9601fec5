/** Ticking tasks of a list: one, or all from the last one ticked to this one. */

/** The selection after row `row` of `ids` was ticked; with `from` every row between takes on what this one becomes. */
export function ticked(
  selection: ReadonlySet<string>,
  ids: readonly string[],
  row: number,
  from: number | null,
): ReadonlySet<string> {
  const id = ids[row];
  if (id === undefined) return selection;
  const becomes = !selection.has(id);
  const next = new Set(selection);
  const [low, high] = from === null ? [row, row] : [Math.min(from, row), Math.max(from, row)];
  for (const one of ids.slice(low, high + 1)) {
    if (becomes) next.add(one);
    else next.delete(one);
  }
  return next;
}
