import { answered, api } from "../../../api/client.ts";
import { SPECIMENS } from "../../../texts/console-specimens.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { clock, dayAndClock } from "../../../ui/time.ts";
import { now } from "../../now.ts";
import { useAsked } from "../asked.ts";
import { TableHead } from "../TableHead.tsx";
import type { Leg } from "./Legs.tsx";

interface LegTubesProps {
  leg: Leg;
  timeZone: string;
  onClose: () => void;
}

/** What is on one leg: tubes by their codes and tasks, nobody's name. */
export function LegTubes({ leg, timeZone, onClose }: LegTubesProps) {
  const asked = useAsked(
    () => answered(api.GET("/v1/specimen-legs/{id}", { params: { path: { id: leg.id } } })),
    [leg.id],
  );
  const title = t(SPECIMENS.tubesOf, { point: leg.pick_up_point, time: clock(leg.round_ends_at, timeZone) });
  const tubes = asked.value?.specimens;
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        <ProblemNote error={asked.error} />
        {tubes?.length === 0 && <p class="setup__empty">{t(SPECIMENS.nothingOn)}</p>}
        {tubes && tubes.length > 0 && (
          <table class="setup__table">
            <TableHead columns={[SPECIMENS.code, SPECIMENS.swabbed]} />
            <tbody>
              {tubes.map((tube) => (
                <tr key={tube.visit_id} class={tube.struck ? "setup__off" : ""}>
                  <th scope="row">
                    {tube.tube_code || <span class="setup__quiet">{t(SPECIMENS.noCode)}</span>}{" "}
                    {tube.struck && <span class="badge badge--warn">{t(SPECIMENS.struck)}</span>}
                  </th>
                  <td data-label={t(SPECIMENS.swabbed)} class="setup__number">
                    {dayAndClock(tube.swabbed_at, timeZone, now.value)}
                  </td>
                  <td class="setup__actions">
                    <a href={`#/task/${tube.task_id}`}>{t(SPECIMENS.swabTask)}</a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <a href={`#/task/${leg.id}`}>{t(SPECIMENS.transport)}</a>
      </div>
    </Dialog>
  );
}
