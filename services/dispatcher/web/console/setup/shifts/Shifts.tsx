import "./week.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { ofField } from "../../../ui/refusal.ts";
import { say } from "../../../ui/toasts.tsx";
import { askWhere } from "../../leaving.ts";
import { allOf } from "../../load.ts";
import { type District, mayChange, type Team, teams } from "../../model.ts";
import { now } from "../../now.ts";
import { useAsked, useEvents, useSending } from "../asked.ts";
import { DraftBar } from "./DraftBar.tsx";
import { PlanForm } from "./PlanForm.tsx";
import { copied, type Draft, fitting, refused, type Shift } from "./plan.ts";
import { ShiftForm, type ShiftShown } from "./ShiftForm.tsx";
import { WeekBar } from "./WeekBar.tsx";
import { WeekTable } from "./WeekTable.tsx";
import { addDays, dayOf, firstDay, spanOf, type Week, weekOf } from "./week.ts";

const A_PAGE = 200;
const NONE: readonly Shift[] = [];
/** Shifts that are drawn and not saved yet, by district: other pages may be looked at meanwhile. */
const unsaved = new Map<string, readonly Draft[]>();
askWhere(() => [...unsaved.values()].some((drafts) => drafts.length > 0));

/** When the teams of the district work: a week at a time, in its time zone. */
export function Shifts({ district }: { district: District }) {
  const zone = district.time_zone;
  const today = dayOf(now.value, zone);
  const [day, setDay] = useState(today);
  const [drafts, setDrafts] = useState(unsaved.get(district.id) ?? []);
  useEffect(() => {
    unsaved.set(district.id, drafts);
  }, [drafts]);
  const [shown, setShown] = useState<ShiftShown | null>(null);
  const [planning, setPlanning] = useState(false);
  const sending = useSending();
  const week = useMemo(() => weekOf(day, zone), [day, zone]);
  const asked = useAsked(() => shiftsOf(district, week), [district.id, firstDay(week)]);
  useEvents(["shift.changed", "team.changed", "district.changed"], asked.again);
  const shifts = asked.value ?? NONE;
  const crew = crewOf([...shifts, ...drafts]);

  const draw = (more: readonly Draft[]) => {
    const fit = fitting(more, [...shifts, ...drafts]);
    if (fit.length < more.length) say(t(SHIFTS.skipped, { n: more.length - fit.length }), "warn");
    setDrafts((before) => [...before, ...fitting(fit, before)]);
  };
  const copyLastWeek = () =>
    sending.run(async () => {
      const before = weekOf(addDays(firstDay(week), -7), zone);
      const theirs = (await shiftsOf(district, before)).filter((shift) => startsIn(before, shift));
      if (theirs.length === 0) say(t(SHIFTS.nothingToCopy), "warn");
      draw(copied(theirs, zone).filter(({ ends_at, team_id }) => isAhead(ends_at) && teams.value.get(team_id)?.active));
    });
  const save = () =>
    sending.run(async () => {
      let resting = 0;
      try {
        resting = await post(drafts);
      } catch (error) {
        const marked = refused(drafts, error, ofField);
        if (!marked) throw error;
        setDrafts(marked);
        return;
      }
      say(t(SHIFTS.savedDrafts, { n: drafts.length }), "good");
      if (resting > 0) say(t(REST.saved), "warn");
      const saved = new Set(drafts.map(({ id }) => id));
      setDrafts((before) => before.filter(({ id }) => !saved.has(id)));
      asked.again();
    });
  return (
    <>
      <WeekBar
        week={week}
        today={today}
        go={setDay}
        plan={mayChange.value && crew.length > 0 ? () => setPlanning(true) : undefined}
        copy={mayChange.value && crew.length > 0 ? copyLastWeek : undefined}
        add={mayChange.value && crew[0] ? () => setShown(blank(crew[0] as Team, week, today)) : undefined}
      />
      <ProblemNote error={asked.error ?? sending.error} />
      {drafts.length > 0 && <DraftBar drafts={drafts} busy={sending.busy} set={setDrafts} save={save} />}
      {crew.length === 0 ? (
        <p class="setup__empty">{t(SHIFTS.noTeams)}</p>
      ) : (
        <WeekTable week={week} today={today} teams={crew} shifts={shifts} drafts={drafts} show={setShown} />
      )}
      {shown && (
        <ShiftForm
          shown={shown}
          teams={crew}
          timeZone={zone}
          onDraft={(changed) => setDrafts(replaced(drafts, changed, shown))}
          onSaved={asked.again}
          onClose={() => setShown(null)}
        />
      )}
      {planning && (
        <PlanForm
          week={week}
          teams={crew.filter((team) => team.active)}
          today={today}
          draw={draw}
          onClose={() => setPlanning(false)}
        />
      )}
    </>
  );
}

/** Raises Refused, NoAnswer. */
function shiftsOf(district: District, week: Week): Promise<Shift[]> {
  return allOf((cursor) => {
    const query = { district: district.code, ...spanOf(week), limit: A_PAGE, ...(cursor ? { cursor } : {}) };
    return answered(api.GET("/v1/shifts", { params: { query } }));
  });
}

/** All of them or none; how many must rest in one of them, or because of them. */
async function post(drafts: readonly Draft[]): Promise<number> {
  const made = await answered(api.POST("/v1/shifts", { body: drafts.map(({ wrong: _, ...shift }) => shift) }));
  const items = "items" in made ? made.items : [];
  return items.reduce((sum, { warnings }) => sum + warnings.length, made.warnings.length);
}

function startsIn(week: Week, { starts_at }: Shift): boolean {
  return Date.parse(starts_at) >= (week.bounds[0] as number);
}

function isAhead(at: string): boolean {
  return Date.parse(at) > now.peek().getTime();
}

/** The active teams, and others that have a shift in the week, by code. */
function crewOf(spans: readonly { team_id: string }[]): Team[] {
  const busy = new Set(spans.map(({ team_id }) => team_id));
  return [...teams.value.values()]
    .filter((team) => team.active || busy.has(team.id))
    .sort((a, b) => a.code.localeCompare(b.code, undefined, { numeric: true }));
}

function blank(team: Team, week: Week, today: string): ShiftShown {
  const day = week.days.includes(today) ? today : firstDay(week);
  return { state: "new", team_id: team.id, from: `${day}T08:00`, until: `${day}T16:00` };
}

function replaced(drafts: readonly Draft[], changed: Draft | null, shown: ShiftShown): Draft[] {
  const id = shown.state === "draft" ? shown.draft.id : "";
  return drafts.flatMap((draft) => (draft.id !== id ? [draft] : changed ? [changed] : []));
}
