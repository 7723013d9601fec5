import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { SETUP, TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import { loadTeams } from "../../load.ts";
import { type District, grids, type Team } from "../../model.ts";
import { useSending } from "../asked.ts";
import { FormEnd } from "../FormEnd.tsx";
import { degrees, StartPlace } from "./StartPlace.tsx";

interface TeamFormProps {
  district: District;
  /** null: a new one */
  team: Team | null;
  onClose: () => void;
  onSaved: (saved: Team, isNew: boolean) => void;
}

/** `home_grid` is an id; `max_visits` as it is written. */
interface Draft {
  code: string;
  name: string;
  mode: Team["mode"];
  home_grid: string;
  lat: string;
  lon: string;
  max_visits: string;
  active: boolean;
}

const SHOWN = ["code", "name", "mode", "home_grid", "start", "max_visits"];

/** A team, new or known, without its people. */
export function TeamForm({ district, team, onClose, onSaved }: TeamFormProps) {
  const id = useRef(team?.id ?? newId());
  const [draft, setDraft] = useState<Draft>(() => draftOf(team));
  const sending = useSending();
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const submit = async (event: Event) => {
    event.preventDefault();
    await sending.run(async () => {
      const body = bodyOf(draft);
      const saved = team
        ? await answered(api.PATCH("/v1/teams/{id}", { params: { path: { id: team.id } }, body }))
        : await answered(
            api.POST("/v1/teams", { body: { ...body, id: id.current, district: district.code, from: null } }),
          );
      await loadTeams();
      say(t(SETUP.saved), "good");
      onSaved(saved, !team);
    });
  };
  return (
    <Dialog title={t(team ? TEAMS.edit : TEAMS.form)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <TeamFields district={district} draft={draft} set={set} error={sending.error} />
        <FormEnd sending={sending} shown={SHOWN} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function draftOf(team: Team | null): Draft {
  return {
    code: team?.code ?? "",
    name: team?.name ?? "",
    mode: team?.mode ?? "walk",
    home_grid: team?.home_grid_id ?? "",
    lat: team?.start ? degrees(team.start.lat) : "",
    lon: team?.start ? degrees(team.start.lon) : "",
    max_visits: team?.max_visits ? String(team.max_visits) : "",
    active: team?.active ?? true,
  };
}

function bodyOf({ lat, lon, home_grid, max_visits, ...plain }: Draft) {
  return {
    ...plain,
    name: plain.name.trim() || plain.code,
    home_grid: home_grid || null,
    start: lat && lon ? { lat: Number(lat), lon: Number(lon) } : null,
    max_visits: max_visits ? Number(max_visits) : null,
  };
}

interface FieldsProps {
  district: District;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: unknown;
}

function TeamFields({ district, draft, set, error }: FieldsProps) {
  const limit = district.settings.max_visits_per_shift ?? t(TEAMS.unlimited);
  return (
    <>
      <div class="setup__pair">
        <TextField
          label={t(TEAMS.code)}
          hint={t(TEAMS.codeHint)}
          error={fieldError(error, "code")}
          required
          maxLength={63}
          autocomplete="off"
          value={draft.code}
          onText={(text) => set({ code: text })}
        />
        <TextField
          label={t(TEAMS.name)}
          hint={t(SETUP.optional)}
          error={fieldError(error, "name")}
          maxLength={200}
          autocomplete="off"
          value={draft.name}
          onText={(text) => set({ name: text })}
        />
        <Field label={t(TEAMS.mode)} error={fieldError(error, "mode")}>
          {(input) => (
            <select
              {...input}
              value={draft.mode}
              onChange={(event) => set({ mode: event.currentTarget.value as Draft["mode"] })}
            >
              <option value="walk">{t(TEAMS.walk)}</option>
              <option value="scooter">{t(TEAMS.scooter)}</option>
            </select>
          )}
        </Field>
        <TextField
          label={t(TEAMS.maxVisits)}
          hint={t(TEAMS.maxVisitsHint, { n: limit })}
          error={fieldError(error, "max_visits")}
          type="number"
          min={1}
          max={10_000}
          value={draft.max_visits}
          onText={(text) => set({ max_visits: text })}
        />
      </div>
      <Field label={t(TEAMS.homeGrid)} hint={t(TEAMS.homeGridHint)} error={fieldError(error, "home_grid")}>
        {(input) => (
          <select
            {...input}
            value={draft.home_grid}
            onChange={(event) => set({ home_grid: event.currentTarget.value })}
          >
            <option value="">{t(TEAMS.noHomeGrid)}</option>
            {[...grids.value.values()].map((grid) => (
              <option key={grid.id} value={grid.id}>
                {grid.code === grid.name ? grid.code : `${grid.code} ${grid.name}`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <StartPlace lat={draft.lat} lon={draft.lon} set={set} error={fieldError(error, "start")} />
      <label class="setup__check">
        <input
          type="checkbox"
          checked={draft.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        {t(TEAMS.active)}
      </label>
      {!draft.active && <p class="notice notice--warn">{t(TEAMS.activeHint)}</p>}
    </>
  );
}
