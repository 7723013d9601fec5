import { LIST } from "../../texts/console-board.ts";
import type { Text } from "../../texts/language.ts";
import { named, t } from "../../texts/language.ts";
import { STATUS, WAITING } from "../../texts/words.ts";
import { grids, kinds, teams } from "../model.ts";
import { clearFilter, filter, MOST_FOUND, narrow, searching } from "./board.ts";
import { type Due, isFiltering } from "./filter.ts";

const OPEN = ["pending", "assigned", "accepted", "in_progress"] as const;
const DUES = ["overdue", "soon", "planned_late"] as const;

type Choices = readonly (readonly [value: string, text: string])[];

/** What narrows the list and the map. */
export function Filters() {
  const { text, status, kind, grid, team, due, reason } = filter.value;
  return (
    <div class="filters">
      <input
        type="search"
        class="filters__text"
        aria-label={t(LIST.search)}
        placeholder={t(LIST.search)}
        maxLength={200}
        value={text}
        onInput={({ currentTarget }) => narrow({ text: currentTarget.value })}
      />
      <div class="filters__choices">
        <Choice
          what={LIST.status}
          chosen={status}
          of={OPEN.map((one) => [one, t(STATUS[one])])}
          on={(one) => narrow({ status: one })}
        />
        <Choice
          what={LIST.due}
          chosen={due}
          of={DUES.map((one) => [one, t(LIST[one])])}
          on={(one) => narrow({ due: one as Due | null })}
        />
        <Choice what={LIST.kind} chosen={kind} of={kindChoices()} on={(one) => narrow({ kind: one })} />
        <Choice what={LIST.grid} chosen={grid} of={gridChoices()} on={(one) => narrow({ grid: one })} />
        <Choice what={LIST.team} chosen={team} of={teamChoices()} on={(one) => narrow({ team: one })} />
        <Choice
          what={LIST.reason}
          chosen={reason}
          of={Object.entries(WAITING).map(([code, word]) => [code, t(word)])}
          on={(one) => narrow({ reason: one })}
        />
      </div>
      {isFiltering(filter.value) && (
        <div class="filters__now">
          <button type="button" class="button button--quiet" onClick={clearFilter}>
            {t(LIST.clear)}
          </button>
          <span role="status">
            {searching.value === "asking" && t(LIST.searching)}
            {searching.value === "failed" && t(LIST.searchFailed)}
            {searching.value === "cut" && t(LIST.tooMany, { n: MOST_FOUND })}
          </span>
        </div>
      )}
    </div>
  );
}

interface ChoiceProps {
  what: Text;
  chosen: string | null;
  of: Choices;
  on: (chosen: string | null) => void;
}

function Choice({ what, chosen, of, on }: ChoiceProps) {
  return (
    <select
      class={chosen ? "filters__choice filters__choice--set" : "filters__choice"}
      aria-label={t(what)}
      value={chosen ?? ""}
      onChange={({ currentTarget }) => on(currentTarget.value || null)}
    >
      <option value="">{t(LIST.any, { what: t(what) })}</option>
      {of.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

function kindChoices(): Choices {
  return [...kinds.value.values()].map((kind) => [kind.code, named(kind.names)] as const).sort(byText);
}

function gridChoices(): Choices {
  return [...grids.value.values()].map((grid) => [grid.id, grid.name || grid.code] as const).sort(byText);
}

function teamChoices(): Choices {
  return [...teams.value.values()].map((team) => [team.id, team.code] as const).sort(byText);
}

function byText(one: readonly [string, string], other: readonly [string, string]): number {
  return one[1].localeCompare(other[1], undefined, { numeric: true });
}
