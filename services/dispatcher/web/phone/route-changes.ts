/** What is different between the route that the member has seen and the one that there is now. */

/** Ids of tasks. `done_by_team`: a colleague recorded it, or it was closed: nobody took it away. */
export interface RouteChange {
  added: string[];
  moved_away: string[];
  done_by_team: string[];
  reordered: boolean;
}
