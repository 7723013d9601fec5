import { useEffect, useState } from "preact/hooks";
import { Refused } from "../../api/client.ts";
import { ACTION, GIVE } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { session } from "../session.ts";
import { type Effect, effectOf, give } from "./byHand.ts";
import { EffectShown } from "./EffectShown.tsx";
import { TeamChoice } from "./TeamChoice.tsx";
import { useDoing } from "./useDoing.ts";
import type { Task } from "./useTask.ts";

interface Asked {
  readonly effect: Effect | undefined;
  readonly error: unknown;
  /** Another team is on its way to it: only who insists gets it away from there. */
  readonly underWay: boolean;
}

const NOTHING: Asked = { effect: undefined, error: undefined, underWay: false };

interface GiveTaskProps {
  task: Task;
  onClose: () => void;
  onGiven: (team: string) => void;
}

/** Choose a team, see what it does to its walk, and only then give it. */
export function GiveTask({ task, onClose, onGiven }: GiveTaskProps) {
  const [team, setTeam] = useState<{ id: string; code: string }>();
  const [insists, setInsists] = useState(false);
  const asked = useEffectOf(task, team?.id);
  const { busy, error, run } = useDoing();
  // Whoever insisted did so knowing what it breaks: where that became something else, it is asked again.
  useEffect(() => setInsists(false), [asked.effect]);
  const needsForce = asked.underWay || (asked.effect?.breaks.length ?? 0) > 0;
  const submit = (event: Event) => {
    event.preventDefault();
    if (!team || !asked.effect || (needsForce && !insists)) return;
    void run(async () => {
      await give(task.id, team.id, needsForce);
      onGiven(team.code);
    });
  };
  const point = task.lat !== null && task.lon !== null ? { lat: task.lat, lon: task.lon } : undefined;
  return (
    <Dialog title={t(GIVE.title)} wide onClose={onClose}>
      <form class="give" onSubmit={submit}>
        <TeamChoice
          wanted={{ point, roles: task.roles }}
          holder={task.team_id}
          chosen={team?.id ?? ""}
          onChoose={(one) => {
            setTeam({ id: one.team.team_id, code: one.team.code });
            setInsists(false);
          }}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what is longer than the dialog */}
        <section class="give__effect" aria-live="polite" aria-label={t(GIVE.effectOf)} tabIndex={0}>
          {team && !asked.effect && asked.error === undefined && <p>{t(GIVE.asking, { team: team.code })}</p>}
          <ProblemNote error={asked.error} />
          {asked.underWay && <p class="notice notice--warn">{t(GIVE.underWay)}</p>}
          {team && asked.effect && <EffectShown effect={asked.effect} team={team.code} task={task} />}
          {asked.effect && needsForce && (
            <label class="give__force">
              <input type="checkbox" checked={insists} onChange={(event) => setInsists(event.currentTarget.checked)} />
              {t(GIVE.force)}
            </label>
          )}
          <ProblemNote error={error} />
        </section>
        <div class="row row--end give__foot">
          <button type="button" class="button" onClick={onClose}>
            {t(ACTION.back)}
          </button>
          <button
            type="submit"
            class={needsForce ? "button button--danger" : "button button--primary"}
            disabled={busy || !asked.effect || (needsForce && !insists)}
          >
            {needsForce ? t(GIVE.forceDo) : t(GIVE.do, { team: team?.code ?? "…" })}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asked anew for each team, where the task changed meanwhile, and once a log-in that ended is renewed. */
function useEffectOf(task: Task, team: string | undefined): Asked {
  const [asked, setAsked] = useState<Asked>(NOTHING);
  const counts = session.value === "in";
  useEffect(() => {
    if (!counts) return;
    setAsked(NOTHING);
    if (!team) return;
    let gone = false;
    void ask(task.id, team).then((answer) => {
      if (!gone) setAsked(answer);
    });
    return () => {
      gone = true;
    };
  }, [task.id, task.version, team, counts]);
  return asked;
}

async function ask(id: string, team: string): Promise<Asked> {
  try {
    return { ...NOTHING, effect: await effectOf(id, team, false) };
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.code !== "already_under_way") return { ...NOTHING, error };
  }
  try {
    return { ...NOTHING, underWay: true, effect: await effectOf(id, team, true) };
  } catch (error) {
    return { ...NOTHING, underWay: true, error };
  }
}
