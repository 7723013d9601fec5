import { useId } from "preact/hooks";
import { FIGURES, MEANING } from "../../texts/console-figures.ts";
import { type Text, t } from "../../texts/language.ts";
import { ROLE } from "../../texts/words.ts";
import { type Answer, spreadOf, total } from "./figures.ts";
import { number } from "./numbers.ts";

interface Doer {
  id: string;
  name: string;
  note: string;
  visits: number;
  hours: number;
}

/** Who did how much, the busiest first: teams and members. */
export function Fairness({ answer: { teams, members } }: { answer: Answer }) {
  const roles: Readonly<Record<string, Text>> = ROLE;
  return (
    <div class="figures__pair">
      <Doers
        heading={FIGURES.teams}
        who={FIGURES.team}
        doers={teams.map(({ team_id, code, name, visits, shift_h }) => ({
          id: team_id,
          name: code,
          note: name === code ? "" : name,
          visits: total(visits),
          hours: total(shift_h),
        }))}
      />
      <Doers
        heading={FIGURES.members}
        who={FIGURES.member}
        doers={members.map(({ member_id, name, role, visits, shift_h }) => ({
          id: member_id,
          name: name ?? member_id,
          note: roles[role] ? t(roles[role]) : role,
          visits: total(visits),
          hours: total(shift_h),
        }))}
      />
    </div>
  );
}

function Doers({ heading, who, doers }: { heading: Text; who: Text; doers: readonly Doer[] }) {
  const id = useId();
  const { least, middle, most } = spreadOf(doers.map(({ visits }) => visits));
  return (
    <section class="stack">
      <h2 id={id}>{t(heading)}</h2>
      {doers.length === 0 ? (
        <p class="figures__quiet">{t(FIGURES.nobody)}</p>
      ) : (
        <>
          <p class="figures__quiet">
            {t(FIGURES.spread, { least: number(least), middle: number(middle, 1), most: number(most) })}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keyboard too */}
          <div class="figures__scroll figures__scroll--tall" role="region" aria-labelledby={id} tabIndex={0}>
            <table class="figures__table">
              <thead>
                <tr>
                  <th scope="col">{t(who)}</th>
                  <th scope="col">{t(MEANING.visits.name)}</th>
                  <td class="figures__bars" aria-hidden="true" />
                  <th scope="col">{t(FIGURES.onShift)}</th>
                  <th scope="col">{t(FIGURES.perHour)}</th>
                </tr>
              </thead>
              <tbody>
                {doers
                  .toSorted((a, b) => b.visits - a.visits || a.name.localeCompare(b.name))
                  .map((doer) => (
                    <Row key={doer.id} doer={doer} most={most} />
                  ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Row({ doer: { name, note, visits, hours }, most }: { doer: Doer; most: number }) {
  return (
    <tr>
      <th scope="row">
        {name}
        {note && <span class="figures__note">{note}</span>}
      </th>
      <td>{number(visits)}</td>
      <td class="figures__bars" aria-hidden="true">
        <svg class="figures__bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
          <rect class="chart__bar" x="0" y="0" width={most ? (visits / most) * 100 : 0} height="8" />
        </svg>
      </td>
      <td>{number(hours, 1)}</td>
      <td>{hours ? number(visits / hours, 1) : t(FIGURES.none)}</td>
    </tr>
  );
}
