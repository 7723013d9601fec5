import { useState } from "preact/hooks";
import { ACTION, GIVE } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { type Point, points } from "../model.ts";
import { TeamChoice } from "./TeamChoice.tsx";
import { useDoing } from "./useDoing.ts";

interface GiveManyProps {
  ids: readonly string[];
  onClose: () => void;
  act: (team: string, force: boolean) => Promise<void>;
}

/** Gives several tasks to one team, each where it costs the walk least. */
export function GiveMany({ ids, onClose, act }: GiveManyProps) {
  const [team, setTeam] = useState<{ id: string; code: string }>();
  const [force, setForce] = useState(false);
  const { busy, run } = useDoing();
  const submit = (event: Event) => {
    event.preventDefault();
    if (team) void run(() => act(team.id, force));
  };
  return (
    <Dialog title={t(GIVE.titleMany, { n: ids.length })} wide onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p>{t(GIVE.manyHint)}</p>
        <TeamChoice
          wanted={{ point: middle(ids), roles: [] }}
          chosen={team?.id ?? ""}
          onChoose={({ team: chosen }) => setTeam({ id: chosen.team_id, code: chosen.code })}
        />
        <label class="give__force">
          <input type="checkbox" checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />
          {t(GIVE.forceMany)}
        </label>
        <div class="row row--end">
          <button type="button" class="button" onClick={onClose}>
            {t(ACTION.back)}
          </button>
          <button type="submit" class="button button--primary" disabled={busy || !team}>
            {t(GIVE.do, { team: team?.code ?? "…" })}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Where the tasks are, roughly; undefined where none has a point. */
function middle(ids: readonly string[]): Point | undefined {
  const known = ids.flatMap((id) => {
    const { lat = null, lon = null } = points.value.get(id) ?? {};
    return lat !== null && lon !== null ? [{ lat, lon }] : [];
  });
  if (known.length === 0) return undefined;
  const mean = (of: (point: Point) => number) => known.reduce((sum, point) => sum + of(point), 0) / known.length;
  return { lat: mean(({ lat }) => lat), lon: mean(({ lon }) => lon) };
}
