import { SETUP } from "../../texts/console-setup.ts";
import { type Text, t } from "../../texts/language.ts";

/** The heads of a table's columns; the last one, of what can be done, is for the ear only. */
export function TableHead({ columns }: { columns: readonly Text[] }) {
  return (
    <thead>
      <tr>
        {columns.map((text) => (
          <th key={text.en} scope="col">
            {t(text)}
          </th>
        ))}
        <th scope="col">
          <span class="visually-hidden">{t(SETUP.actions)}</span>
        </th>
      </tr>
    </thead>
  );
}
