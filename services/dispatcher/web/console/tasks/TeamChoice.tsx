import { useState } from "preact/hooks";
import { GIVE } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { clock } from "../../ui/time.ts";
import { overview } from "../model.ts";
import { type Candidate, candidates, type Order, type Wanted } from "./nearest.ts";
import { zoneOf } from "./TaskFacts.tsx";
import { listed, roleName } from "./words.ts";

interface TeamChoiceProps {
  wanted: Wanted;
  /** The team that has the task now. */
  holder?: string | null;
  chosen: string;
  onChoose: (candidate: Candidate) => void;
}

/** Teams to choose one from, those that can do it and are near first. */
export function TeamChoice({ wanted, holder, chosen, onChoose }: TeamChoiceProps) {
  const [text, setText] = useState("");
  const [order, setOrder] = useState<Order>("nearest");
  const teams = overview.value?.teams ?? [];
  const found = candidates(teams, wanted, order, text);
  return (
    <div class="teams">
      <div class="teams__sieve">
        <TextField label={t(GIVE.search)} type="search" value={text} onText={setText} />
        <Field label={t(GIVE.sort)}>
          {(input) => (
            <select {...input} value={order} onChange={(event) => setOrder(event.currentTarget.value as Order)}>
              <option value="nearest">{t(GIVE.nearest)}</option>
              <option value="least_loaded">{t(GIVE.leastLoaded)}</option>
            </select>
          )}
        </Field>
      </div>
      {found.length === 0 && <p>{t(teams.length ? GIVE.none : GIVE.noTeams)}</p>}
      <fieldset class="teams__list">
        <legend class="visually-hidden">{t(GIVE.title)}</legend>
        {found.map((one) => (
          <TeamLine
            key={one.team.team_id}
            candidate={one}
            holds={one.team.team_id === holder}
            checked={one.team.team_id === chosen}
            onChoose={() => onChoose(one)}
          />
        ))}
      </fieldset>
    </div>
  );
}

interface TeamLineProps {
  candidate: Candidate;
  holds: boolean;
  checked: boolean;
  onChoose: () => void;
}

function TeamLine({ candidate, holds, checked, onChoose }: TeamLineProps) {
  const { team, metres, lacks } = candidate;
  return (
    <label class="teams__team">
      <input type="radio" name="team" checked={checked} disabled={holds} onChange={onChoose} />
      <span class="teams__name">
        <strong>{team.code}</strong> {team.name !== team.code && team.name}
      </span>
      <span class="teams__badges">
        {holds && <span class="badge badge--info">{t(GIVE.hasIt)}</span>}
        {!team.on_shift && <span class="badge">{t(GIVE.offShift)}</span>}
        {team.on_shift && lacks.length > 0 && (
          <span class="badge badge--warn">{t(GIVE.lacks, { what: listed(lacks.map(roleName)) })}</span>
        )}
        {team.late > 0 && <span class="badge badge--bad">{t(GIVE.late, { n: team.late })}</span>}
      </span>
      <span class="teams__figures">
        {distance(metres)} · {t(GIVE.load, { n: team.tasks })}
        {team.free_at && ` · ${t(GIVE.freeAt, { at: clock(team.free_at, zoneOf()) })}`}
      </span>
    </label>
  );
}

function distance(metres: number | undefined): string {
  if (metres === undefined) return t(GIVE.placeUnknown);
  if (metres < 950) return t(GIVE.away, { metres: Math.round(metres / 10) * 10 });
  return t(GIVE.awayKm, { km: (metres / 1000).toFixed(1) });
}
