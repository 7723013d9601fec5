import { ROSTER_IMPORT } from "../../../texts/console-rosters.ts";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { day as dayName } from "../../../ui/time.ts";
import { mayChange } from "../../model.ts";
import { addDays, type Day, firstDay, type Week } from "./week.ts";

interface WeekBarProps {
  week: Week;
  today: Day;
  go: (day: Day) => void;
  plan: (() => void) | undefined;
  copy: (() => void) | undefined;
  add: (() => void) | undefined;
}

/** Which week is shown, and what can be done with it. */
export function WeekBar({ week, today, go, plan, copy, add }: WeekBarProps) {
  const noon = (day: Day) => `${day}T12:00:00Z`;
  const [first, last] = [firstDay(week), week.days[6] as Day];
  return (
    <div class="setup__tools">
      <div class="row">
        <button type="button" class="button" aria-label={t(SHIFTS.before)} onClick={() => go(addDays(first, -7))}>
          ‹
        </button>
        <button type="button" class="button" disabled={week.days.includes(today)} onClick={() => go(today)}>
          {t(SHIFTS.thisWeek)}
        </button>
        <button type="button" class="button" aria-label={t(SHIFTS.after)} onClick={() => go(addDays(first, 7))}>
          ›
        </button>
        <h2 class="week__title" aria-live="polite">
          {t(SHIFTS.week, { from: dayName(noon(first), "UTC"), until: dayName(noon(last), "UTC") })}
        </h2>
        <span class="setup__quiet">{t(SHIFTS.zone, { zone: week.timeZone })}</span>
      </div>
      <div class="row">
        {mayChange.value && (
          <a class="button" href="#/setup/rosters">
            {t(ROSTER_IMPORT.open)}
          </a>
        )}
        {copy && (
          <button type="button" class="button" onClick={copy}>
            {t(SHIFTS.copy)}
          </button>
        )}
        {plan && (
          <button type="button" class="button" onClick={plan}>
            {t(SHIFTS.plan)}
          </button>
        )}
        {add && (
          <button type="button" class="button button--primary" onClick={add}>
            {t(SHIFTS.add)}
          </button>
        )}
      </div>
    </div>
  );
}
