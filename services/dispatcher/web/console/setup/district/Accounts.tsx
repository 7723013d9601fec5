import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { ACCOUNTS } from "../../../texts/console-district.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { allOf } from "../../load.ts";
import type { District } from "../../model.ts";
import { useAsked } from "../asked.ts";
import { TableHead } from "../TableHead.tsx";
import { AccountForm } from "./AccountForm.tsx";

export type Account = Schemas["AccountOut"];

const A_PAGE = 200;

/** Who may log in at a desk, and which programs may ask. */
export function Accounts({ district }: { district: District }) {
  const asked = useAsked(
    () =>
      allOf((cursor) =>
        answered(api.GET("/v1/accounts", { params: { query: { limit: A_PAGE, ...(cursor ? { cursor } : {}) } } })),
      ),
    [],
  );
  const [edited, setEdited] = useState<Account | "new" | null>(null);
  return (
    <section class="panel stack">
      <div class="setup__tools">
        <h2>{t(ACCOUNTS.title)}</h2>
        <button type="button" class="button button--primary" onClick={() => setEdited("new")}>
          {t(ACCOUNTS.add)}
        </button>
      </div>
      <ProblemNote error={asked.error} />
      <table class="setup__table">
        <TableHead columns={[ACCOUNTS.name, ACCOUNTS.permission, ACCOUNTS.districts]} />
        <tbody>
          {asked.value?.map((account) => (
            <AccountRow key={account.id} account={account} edit={setEdited} />
          ))}
        </tbody>
      </table>
      {edited && (
        <AccountForm
          account={edited === "new" ? null : edited}
          district={district}
          onSaved={() => {
            setEdited(null);
            asked.again();
          }}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  );
}

export function permissionName(permission: Account["permission"]): string {
  return permission === "member" ? permission : t(ACCOUNTS[permission]);
}

function AccountRow({ account, edit }: { account: Account; edit: (account: Account) => void }) {
  const { name, permission, active, districts } = account;
  const codes = districts.map(({ code }) => code).join(", ");
  return (
    <tr class={active ? "" : "setup__off"}>
      <th scope="row">
        {name} {!active && <span class="badge">{t(SETUP.inactive)}</span>}
      </th>
      <td data-label={t(ACCOUNTS.permission)}>{permissionName(permission)}</td>
      <td data-label={t(ACCOUNTS.districts)}>
        {permission === "admin" ? t(ACCOUNTS.everywhere) : codes || t(SETUP.none)}
      </td>
      <td class="setup__actions">
        <button
          type="button"
          class="button button--quiet"
          aria-label={t(SETUP.editOf, { name })}
          onClick={() => edit(account)}
        >
          {t(SETUP.edit)}
        </button>
      </td>
    </tr>
  );
}
