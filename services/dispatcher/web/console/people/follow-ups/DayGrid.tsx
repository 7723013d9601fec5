import type { ComponentType } from "preact";
import type { Schemas } from "../../../api/client.ts";
import { OCCURRENCE, ONE } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import { REFUSALS } from "../../../texts/refusals.ts";
import { CheckIcon, ClockIcon, CrossIcon, MinusIcon } from "../../../ui/icons.tsx";
import { wordOf } from "../../tasks/words.ts";
import { Day } from "../Day.tsx";
import { groupsOf, type Occurrence, type Row, rowsOf } from "./grid.ts";
import { ItemMark } from "./ItemMark.tsx";

type Detail = Schemas["FollowUpDetail"];
type State = Occurrence["state"];

const ICON: Readonly<Record<State, ComponentType>> = {
  done: CheckIcon,
  missed: CrossIcon,
  open: ClockIcon,
  planned: Dot,
  cancelled: MinusIcon,
  withdrawn: MinusIcon,
};

/** A row a day: what was and is due at which time, and what its ledger says. */
export function DayGrid({ followUp, today }: { followUp: Detail; today: string }) {
  const groups = groupsOf(followUp.occurrences);
  const rows = rowsOf(followUp, groups);
  return (
    <section class="stack" aria-label={t(ONE.grid)}>
      <h2>{t(ONE.grid)}</h2>
      <Legend />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the screen scrolls, by keys too */}
      <div class="days" tabIndex={0} role="group" aria-label={t(ONE.grid)}>
        <table class="days__table">
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                {t(ONE.day)}
              </th>
              {groups.map(({ kind, names, times }) => (
                <th key={kind} scope="colgroup" colSpan={times.length} class="days__group">
                  {named(names)}
                </th>
              ))}
              {followUp.ledger.length > 0 && (
                <th scope="colgroup" colSpan={followUp.ledger.length} class="days__group">
                  {t(ONE.ledger)}
                </th>
              )}
            </tr>
            <tr>
              {groups.flatMap(({ kind, times }) =>
                times.map((time, place) => (
                  <th key={`${kind} ${time}`} scope="col" class={place === 0 ? "days__group" : undefined}>
                    {time}
                  </th>
                )),
              )}
              {followUp.ledger.map(({ code, names }, place) => (
                <th key={code} scope="col" class={place === 0 ? "days__group days__item" : "days__item"}>
                  {named(names)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <DayRow key={row.day} row={row} followUp={followUp} firsts={firstsOf(groups)} today={today} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The places at which a kind begins. */
function firstsOf(groups: readonly { times: readonly string[] }[]): ReadonlySet<number> {
  const firsts = new Set<number>();
  let place = 0;
  for (const { times } of groups) {
    firsts.add(place);
    place += times.length;
  }
  return firsts;
}

interface DayRowProps {
  row: Row;
  followUp: Detail;
  firsts: ReadonlySet<number>;
  today: string;
}

function DayRow({ row, followUp, firsts, today }: DayRowProps) {
  const isToday = row.onDay === today;
  return (
    <tr class={isToday ? "days__today" : undefined} aria-current={isToday ? "date" : undefined}>
      <th scope="row">
        <span class="days__number">{row.day}</span> <Day day={row.onDay} />{" "}
        {isToday && <span class="badge badge--info">{t(ONE.today)}</span>}
      </th>
      {row.cells.map((one, place) => (
        <td key={place} class={firsts.has(place) ? "days__group" : undefined}>
          {one && <Cell one={one} />}
        </td>
      ))}
      {followUp.ledger.map(({ code }, place) => (
        <td key={code} class={place === 0 ? "days__group" : undefined}>
          <ItemMark item={row.ledger?.items.find((item) => item.code === code)} isToday={isToday} />
        </td>
      ))}
    </tr>
  );
}

/** How it stands, as a sign and in words; it leads to the task. */
function Cell({ one }: { one: Occurrence }) {
  const state = t(OCCURRENCE[one.state]);
  const why = one.refused ? t(ONE.noTask, { why: wordOf(REFUSALS, one.refused) }) : "";
  const said = t(ONE.cell, { kind: named(one.names), n: one.day, time: one.time, state: why || state });
  const Icon = ICON[one.state];
  const sign = `days__sign days__sign--${one.state}`;
  if (one.task_id)
    return (
      <a class={sign} href={`#/task/${one.task_id}`} aria-label={said} title={said}>
        <Icon />
      </a>
    );
  return (
    <span class={sign} title={said}>
      <Icon />
      <span class="visually-hidden">{why || state}</span>
    </span>
  );
}

function Legend() {
  return (
    <ul class="days__legend">
      {(["done", "missed", "open", "planned"] as const).map((state) => {
        const Icon = ICON[state];
        return (
          <li key={state}>
            <span class={`days__sign days__sign--${state}`}>
              <Icon />
            </span>
            {t(OCCURRENCE[state])}
          </li>
        );
      })}
      <li>
        <span class="days__sign days__sign--withdrawn">
          <MinusIcon />
        </span>
        {t(OCCURRENCE.cancelled)} / {t(OCCURRENCE.withdrawn)}
      </li>
    </ul>
  );
}

function Dot() {
  return (
    <svg aria-hidden="true" width="1.25em" height="1.25em" viewBox="0 0 24 24" fill="none" stroke="currentColor">
      <circle cx="12" cy="12" r="4.5" stroke-width="2" />
    </svg>
  );
}
