import { useEffect, useRef, useState } from "preact/hooks";
import { answered, api, Refused, type Schemas } from "../../api/client.ts";
import { atMostEvery } from "../backlog.ts";
import { type Happened, hear } from "../model.ts";

export type EndOfShift = Schemas["EndOfShiftOut"];
export type HandedOver = Schemas["HandoverOut"];

const PAUSE_MS = 1_000;
/** The end of a team's shift now (else of its last), or of one shift; read again when something happens to a task. Null: there is none. */
export function useEndOfShift(of: { team: string } | { shift: string }): { end: EndOfShift | null; error: unknown } {
  const [read, setRead] = useState<{ end: EndOfShift | null; error: unknown }>({ end: null, error: undefined });
  const team = "team" in of ? of.team : "";
  const shift = "shift" in of ? of.shift : "";
  const shown = useRef<EndOfShift | null>(null);
  shown.current = read.end;
  useEffect(() => {
    let gone = false;
    setRead({ end: null, error: undefined });
    const ask = atMostEvery(PAUSE_MS, async () => {
      try {
        const end = await answered(team ? ofTeam(team) : ofShift(shift));
        if (!gone) setRead({ end, error: undefined });
      } catch (error) {
        const none = error instanceof Refused && error.problem.status === 404;
        if (!gone) setRead((before) => (none ? { end: null, error: undefined } : { ...before, error }));
      }
    });
    ask();
    const deaf = hear((event) => {
      if (concerns(event, shown.current, team)) ask();
    });
    return () => {
      gone = true;
      deaf();
      ask.stop();
    };
  }, [team, shift]);
  return read;
}

/** Something that happens to the team, or to a task that is shown: what was handed to another team is watched, too. */
function concerns(event: Happened, shown: EndOfShift | null, team: string): boolean {
  if (event.team_id !== null && event.team_id === (shown?.team_id ?? team)) return true;
  const tasks = [...(shown?.handed_over ?? []), ...(shown?.still_open ?? []), ...(shown?.received ?? [])];
  return event.task_id !== null && tasks.some((task) => task.task_id === event.task_id);
}

function ofTeam(id: string) {
  return api.GET("/v1/teams/{id}/handover", { params: { path: { id } } });
}

function ofShift(id: string) {
  return api.GET("/v1/shifts/{id}/handover", { params: { path: { id } } });
}
