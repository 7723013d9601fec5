import { useState } from "preact/hooks";
import { SETUP } from "../../../texts/console-setup.ts";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { type Text, t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { day as dayName } from "../../../ui/time.ts";
import { district, type Team } from "../../model.ts";
import { type Draft, type Hours, type Pattern, planned, usualOf } from "./plan.ts";
import type { Day, Week } from "./week.ts";

interface PlanFormProps {
  week: Week;
  teams: readonly Team[];
  today: Day;
  draw: (drafts: Draft[]) => void;
  onClose: () => void;
}

const PATTERNS: readonly { pattern: Pattern; title: Text; why: Text }[] = [
  { pattern: "turns", title: SHIFTS.turns, why: SHIFTS.turnsWhy },
  { pattern: "standby", title: SHIFTS.standby, why: SHIFTS.standbyWhy },
  { pattern: "own", title: SHIFTS.own, why: SHIFTS.ownWhy },
];

/** Shifts for several teams and days by a pattern. They are drawn into the week first and saved from there. */
export function PlanForm({ week, teams, today, draw, onClose }: PlanFormProps) {
  const [chosen, setChosen] = useState<readonly string[]>(teams.map(({ id }) => id));
  const [days, setDays] = useState<readonly Day[]>(() => {
    const ahead = week.days.filter((day) => day >= today);
    return ahead.length > 0 ? ahead : week.days;
  });
  const [pattern, setPattern] = useState<Pattern>("turns");
  const [own, setOwn] = useState<Hours>({ from: "08:00", until: "16:00" });
  const usual = usualOf(district.value?.settings ?? {});
  const [withBreak, setWithBreak] = useState(usual !== null);
  const drafts = planned({
    teams: teams.map(({ id }) => id).filter((id) => chosen.includes(id)),
    days: week.days.filter((day) => days.includes(day)),
    pattern,
    own,
    withBreak,
    timeZone: week.timeZone,
    usual,
  });
  const submit = (event: Event) => {
    event.preventDefault();
    draw(drafts);
    onClose();
  };
  return (
    <Dialog title={t(SHIFTS.planTitle)} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <Ticks
          legend={t(SHIFTS.whichTeams)}
          options={teams.map(({ id, code }) => [id, code])}
          chosen={chosen}
          choose={setChosen}
        />
        <Ticks
          legend={t(SHIFTS.whichDays)}
          options={week.days.map((day) => [day, dayName(`${day}T12:00:00Z`, "UTC")])}
          chosen={days}
          choose={setDays}
        />
        <fieldset class="setup__set">
          <legend class="field__label">{t(SHIFTS.pattern)}</legend>
          {PATTERNS.map(({ pattern: one, title, why }) => (
            <label key={one} class="setup__radio">
              <input type="radio" name="pattern" checked={pattern === one} onChange={() => setPattern(one)} />
              <span>
                {t(title)}
                <span class="field__hint">{t(why)}</span>
              </span>
            </label>
          ))}
          {pattern === "own" && <OwnHours own={own} set={setOwn} />}
        </fieldset>
        <label class="setup__check">
          <input type="checkbox" checked={withBreak} onChange={(event) => setWithBreak(event.currentTarget.checked)} />
          {usual ? t(SHIFTS.usualBreak, { n: Math.round(usual.lastsS / 60) }) : t(SHIFTS.breakPattern)}
        </label>
        <div class="setup__end">
          <span class="setup__quiet" aria-live="polite">
            {t(SHIFTS.wouldMake, { n: drafts.length })}
          </span>
          <span class="setup__gap" />
          <button type="button" class="button" onClick={onClose}>
            {t(SETUP.cancel)}
          </button>
          <button type="submit" class="button button--primary" disabled={drafts.length === 0}>
            {t(SHIFTS.show)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface TicksProps {
  legend: string;
  options: readonly (readonly [string, string])[];
  chosen: readonly string[];
  choose: (chosen: readonly string[]) => void;
}

function Ticks({ legend, options, chosen, choose }: TicksProps) {
  const toggle = (one: string) => choose(chosen.includes(one) ? chosen.filter((c) => c !== one) : [...chosen, one]);
  return (
    <fieldset class="setup__set">
      <legend class="field__label">{legend}</legend>
      <div class="row setup__ticks">
        {options.map(([one, text]) => (
          <button key={one} type="button" class="chip" aria-pressed={chosen.includes(one)} onClick={() => toggle(one)}>
            {text}
          </button>
        ))}
      </div>
      <div class="row">
        <button type="button" class="button button--quiet" onClick={() => choose(options.map(([one]) => one))}>
          {t(SHIFTS.allTeams)}
        </button>
        <button type="button" class="button button--quiet" onClick={() => choose([])}>
          {t(SHIFTS.noTeam)}
        </button>
      </div>
    </fieldset>
  );
}

function OwnHours({ own, set }: { own: Hours; set: (own: Hours) => void }) {
  return (
    <div class="setup__pair">
      <label>
        {t(SHIFTS.from)}
        <input
          type="time"
          required
          value={own.from}
          onInput={(event) => set({ ...own, from: event.currentTarget.value })}
        />
      </label>
      <label>
        {t(SHIFTS.until)}
        <input
          type="time"
          required
          value={own.until}
          onInput={(event) => set({ ...own, until: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}
