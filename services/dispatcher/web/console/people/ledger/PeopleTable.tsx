import { FOLLOW_UPS, LEDGER, ONE } from "../../../texts/console-follow-ups.ts";
import { named, t } from "../../../texts/language.ts";
import { ItemMark } from "../follow-ups/ItemMark.tsx";
import { dayOfPlan, personName, protocolName } from "../follow-ups/words.ts";
import type { ItemCount, Row } from "./ledger.ts";

interface PeopleTableProps {
  rows: readonly Row[];
  items: readonly ItemCount[];
  isToday: boolean;
}

/** A row a person: who, where, how far, and how each item stands. */
export function PeopleTable({ rows, items, isToday }: PeopleTableProps) {
  if (rows.length === 0) return <p class="setup__empty">{t(LEDGER.nobodyLacks)}</p>;
  return (
    <table class="setup__table ledger__people">
      <thead>
        <tr>
          <th scope="col">{t(FOLLOW_UPS.person)}</th>
          <th scope="col">{t(ONE.home)}</th>
          <th scope="col">{t(FOLLOW_UPS.day)}</th>
          {items.map(({ code, names }) => (
            <th key={code} scope="col" class="ledger__item">
              {named(names)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <PersonRow key={row.follow_up_id} row={row} items={items} isToday={isToday} />
        ))}
      </tbody>
    </table>
  );
}

function PersonRow({ row, items, isToday }: Omit<PeopleTableProps, "rows"> & { row: Row }) {
  return (
    <tr>
      <th scope="row" class="people__name">
        <a href={`#/people/follow-ups/${row.follow_up_id}`}>{personName(row.subject)}</a>
        <span class="people__sub">{row.subject.phone}</span>
      </th>
      <td data-label={t(ONE.home)} class="setup__long">
        {row.household?.address || t(ONE.noHome)}
      </td>
      <td data-label={t(FOLLOW_UPS.day)}>
        <div>
          {dayOfPlan({ ...row, today: row.on_day })}
          <span class="people__sub">{protocolName(row.protocol_names, row.protocol)}</span>
        </div>
      </td>
      {items.map(({ code, names }) => (
        <td key={code} data-label={named(names)} class="ledger__item">
          <span>
            <ItemMark item={row.items.find((item) => item.code === code)} isToday={isToday} />
          </span>
        </td>
      ))}
    </tr>
  );
}
