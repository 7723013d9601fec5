import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { LEG_STATUS, SPECIMENS } from "../../../texts/console-specimens.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { clock, dayAndClock } from "../../../ui/time.ts";
import { allOf } from "../../load.ts";
import { type District, teamName } from "../../model.ts";
import { now } from "../../now.ts";
import { momentOf, wallClock } from "../../zone.ts";
import { useAsked, useEvents } from "../asked.ts";
import { TableHead } from "../TableHead.tsx";
import { LegTubes } from "./LegTubes.tsx";

export type Leg = Schemas["LegOut"];

const TONES = { waiting: "info", picked_up: "info", delivered: "good", void: "" } as const;
const A_PAGE = 200;

/** The legs of the district's day, the latest round first, with their counts. */
export function Legs({ district }: { district: District }) {
  const [opened, setOpened] = useState<Leg | null>(null);
  const today = wallClock(now.value, district.time_zone).slice(0, 10);
  const asked = useAsked(() => legsSince(district, today), [district.id, today]);
  useEvents(
    ["leg.opened", "leg.delivered", "leg.given_up", "task.arrived", "task.assigned", "alarm.raised", "visit.recorded"],
    asked.again,
  );
  return (
    <section class="stack">
      <h2>{t(SPECIMENS.legs)}</h2>
      <ProblemNote error={asked.error} />
      {asked.value?.length === 0 && <p class="setup__empty">{t(SPECIMENS.noLegs)}</p>}
      {asked.value && asked.value.length > 0 && (
        <table class="setup__table">
          <TableHead
            columns={[
              SPECIMENS.round,
              SPECIMENS.point,
              SPECIMENS.status,
              SPECIMENS.due,
              SPECIMENS.tubes,
              SPECIMENS.out,
              SPECIMENS.in,
            ]}
          />
          <tbody>
            {asked.value.map((leg) => (
              <LegRow key={leg.id} leg={leg} timeZone={district.time_zone} open={setOpened} />
            ))}
          </tbody>
        </table>
      )}
      {opened && <LegTubes leg={opened} timeZone={district.time_zone} onClose={() => setOpened(null)} />}
    </section>
  );
}

async function legsSince(district: District, today: string): Promise<Leg[]> {
  const since = new Date(momentOf(`${today}T00:00`, district.time_zone)).toISOString();
  const legs = await allOf((cursor) =>
    answered(
      api.GET("/v1/specimen-legs", {
        params: { query: { district: district.code, since, limit: A_PAGE, ...(cursor ? { cursor } : {}) } },
      }),
    ),
  );
  return legs.sort((a, b) => b.round_ends_at.localeCompare(a.round_ends_at));
}

interface RowProps {
  leg: Leg;
  timeZone: string;
  open: (leg: Leg) => void;
}

function LegRow({ leg, timeZone, open }: RowProps) {
  const time = clock(leg.round_ends_at, timeZone);
  return (
    <tr class={leg.status === "void" ? "setup__off" : ""}>
      <th scope="row" class="setup__number">
        {dayAndClock(leg.round_ends_at, timeZone, now.value)}
      </th>
      <td data-label={t(SPECIMENS.point)}>{leg.pick_up_point}</td>
      <td data-label={t(SPECIMENS.status)}>
        <span>
          <span class={`badge badge--${TONES[leg.status]}`}>{t(LEG_STATUS[leg.status])}</span> {teamName(leg.team_id)}{" "}
          {leg.agree === false && <span class="badge badge--bad">{t(SPECIMENS.differs)}</span>}
        </span>
      </td>
      <td data-label={t(SPECIMENS.due)} class="setup__number">
        <span>
          {dayAndClock(leg.due_at, timeZone, now.value)}{" "}
          {leg.late && <span class="badge badge--bad">{t(SPECIMENS.late)}</span>}
        </span>
      </td>
      <td data-label={t(SPECIMENS.tubes)} class="setup__number">
        {leg.tubes}
      </td>
      <td data-label={t(SPECIMENS.out)} class="setup__number">
        {leg.specimens_out ?? "–"}
      </td>
      <td data-label={t(SPECIMENS.in)} class="setup__number">
        {leg.specimens_in ?? "–"}
      </td>
      <td class="setup__actions">
        <button
          type="button"
          class="button button--quiet"
          aria-label={t(SPECIMENS.openLeg, { time, point: leg.pick_up_point })}
          onClick={() => open(leg)}
        >
          {t(SPECIMENS.open)}
        </button>
      </td>
    </tr>
  );
}
