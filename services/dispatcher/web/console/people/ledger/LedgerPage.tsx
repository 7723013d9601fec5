import "../follow-ups/follow-ups.css";
import "./ledger.css";
import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { LEDGER } from "../../../texts/console-follow-ups.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { day as dayWords } from "../../../ui/time.ts";
import type { District } from "../../model.ts";
import { now } from "../../now.ts";
import { wallClock } from "../../zone.ts";
import { NEWS } from "../follow-ups/news.ts";
import { useFresh } from "../useFresh.ts";
import { DayBar } from "./DayBar.tsx";
import { ItemTable } from "./ItemTable.tsx";
import { itemCounts, type Ledger, wholeLedger } from "./ledger.ts";
import { PeopleTable } from "./PeopleTable.tsx";

const IS_DAY = /^\d{4}-\d\d-\d\d$/;

/** `/people/ledger`, `…/2026-02-03`: what of a day is done and missing, person by person, also on paper. */
export function LedgerPage({ district, rest: [given] }: { district: District; rest: readonly string[] }) {
  const today = wallClock(now.value, district.time_zone).slice(0, 10);
  const day = given && IS_DAY.test(given) ? given : today;
  return (
    <>
      <DayBar day={day} today={today} />
      <OfDay key={day} district={district} day={day} isToday={day === today} />
    </>
  );
}

function OfDay({ district, day, isToday }: { district: District; day: string; isToday: boolean }) {
  const [onlyMissing, setOnlyMissing] = useState(false);
  const asked = useFresh(
    () =>
      wholeLedger((page) => {
        const params = { path: { id: district.id }, query: { day, ...page } };
        return answered(api.GET("/v1/districts/{id}/ledger", { params }));
      }),
    NEWS,
    [district.id, day],
  );
  const ledger = asked.value;
  return (
    <>
      <ProblemNote error={asked.error} />
      <h2>{t(LEDGER.heading, { district: district.name, day: dayWords(`${day}T00:00:00Z`, "UTC"), date: day })}</h2>
      {!ledger && asked.error === undefined && <p class="setup__quiet">{t(LEDGER.reading)}</p>}
      {ledger?.rows.length === 0 && <p class="setup__empty">{t(LEDGER.nobody)}</p>}
      {ledger && ledger.rows.length > 0 && (
        <>
          <Totals ledger={ledger} />
          <ItemTable counts={itemCounts(ledger.rows)} />
          <div class="setup__tools ledger__tools">
            <h3>{t(LEDGER.who)}</h3>
            <label class="setup__check">
              <input
                type="checkbox"
                checked={onlyMissing}
                onChange={(event) => setOnlyMissing(event.currentTarget.checked)}
              />
              {t(LEDGER.onlyMissing)}
            </label>
          </div>
          <PeopleTable
            rows={onlyMissing ? ledger.rows.filter(({ missing }) => missing.length > 0) : ledger.rows}
            items={itemCounts(ledger.rows)}
            isToday={isToday}
          />
          {ledger.more && <p class="notice notice--info">{t(LEDGER.cut, { n: ledger.rows.length })}</p>}
        </>
      )}
    </>
  );
}

function Totals({ ledger: { rows } }: { ledger: Ledger }) {
  const lacking = rows.filter(({ missing }) => missing.length > 0).length;
  return (
    <dl class="ledger__totals">
      <Total name={t(LEDGER.people)} n={rows.length} />
      <Total name={t(LEDGER.complete)} n={rows.length - lacking} />
      <Total name={t(LEDGER.lacking)} n={lacking} warns={lacking > 0} />
    </dl>
  );
}

function Total({ name, n, warns = false }: { name: string; n: number; warns?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={warns ? "ledger__warns" : undefined}>{n}</dd>
    </div>
  );
}
