/** What is different between the route that the member has seen and the one that there is now. */

/** Ids of tasks. `done_by_team`: a colleague recorded it, or it was closed: nobody took it away. */
export interface RouteChange {
  added: string[];
  moved_away: string[];
  done_by_team: string[];
  reordered: boolean;
}

/** Tasks in the order in which the member saw them, and those heard to be over since. */
export interface SeenRoute {
  order: readonly string[];
  closed: readonly string[];
}

/**
 * What the member should be told; null: nothing. `own` are tasks that this member recorded, declined or accepted away,
 * `under_way` those that somebody of the team set out for: they move to the front and nobody is surprised.
 */
export function routeChange(
  seen: SeenRoute,
  order: readonly string[],
  own: ReadonlySet<string>,
  underWay: ReadonlySet<string>,
): RouteChange | null {
  const now = new Set(order);
  const before = new Set(seen.order);
  const gone = seen.order.filter((id) => !now.has(id) && !own.has(id));
  const added = order.filter((id) => !before.has(id) && !own.has(id));
  const done = gone.filter((id) => seen.closed.includes(id));
  const moved = gone.filter((id) => !seen.closed.includes(id));
  const stayed = (id: string) => now.has(id) && before.has(id) && !own.has(id) && !underWay.has(id);
  const reordered = order.filter(stayed).join() !== seen.order.filter(stayed).join();
  if (added.length === 0 && moved.length === 0 && !reordered) return null;
  return { added, moved_away: moved, done_by_team: done, reordered };
}
