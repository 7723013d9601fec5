import { useEffect, useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../api/client.ts";
import { atMostEvery } from "../backlog.ts";
import { hear } from "../model.ts";

export type TeamRoute = Schemas["TeamRouteOut"];

const PAUSE_MS = 1_000;

/** A team's route, read again whenever something happens to the team. */
export function useRoute(teamId: string): { route: TeamRoute | null; error: unknown } {
  const [read, setRead] = useState<{ route: TeamRoute | null; error: unknown }>({ route: null, error: undefined });
  useEffect(() => {
    let gone = false;
    setRead({ route: null, error: undefined });
    const ask = atMostEvery(PAUSE_MS, async () => {
      try {
        const route = await answered(api.GET("/v1/teams/{id}/route", { params: { path: { id: teamId } } }));
        if (!gone) setRead({ route, error: undefined });
      } catch (error) {
        if (!gone) setRead((before) => ({ ...before, error }));
      }
    });
    ask();
    const deaf = hear((event) => {
      if (event.team_id === teamId) ask();
    });
    return () => {
      gone = true;
      deaf();
      ask.stop();
    };
  }, [teamId]);
  return read;
}
