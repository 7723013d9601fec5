import { useRef, useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { newId } from "../../../api/ids.ts";
import { ACCOUNTS } from "../../../texts/console-district.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Field } from "../../../ui/Field.tsx";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { say } from "../../../ui/toasts.tsx";
import { type District, districts } from "../../model.ts";
import { useSending } from "../asked.ts";
import { FormEnd } from "../FormEnd.tsx";
import { Chips } from "../kinds/Chips.tsx";
import { type Account, permissionName } from "./Accounts.tsx";
import { Tokens } from "./Tokens.tsx";

type Permission = Exclude<Account["permission"], "member">;

interface AccountFormProps {
  /** null: a new one */
  account: Account | null;
  district: District;
  onSaved: () => void;
  onClose: () => void;
}

interface Draft {
  name: string;
  secret: string;
  permission: Permission;
  districts: readonly string[];
  active: boolean;
  leads: boolean;
}

const PERMISSIONS: readonly Permission[] = ["coordinator", "auditor", "integration", "admin"];

/** An account, new or known, with its tokens. */
export function AccountForm({ account, district, onSaved, onClose }: AccountFormProps) {
  const id = useRef(account?.id ?? newId());
  const [draft, setDraft] = useState<Draft>(() => draftOf(account, district));
  const sending = useSending();
  const submit = (event: Event) => {
    event.preventDefault();
    void sending.run(async () => {
      await save(account, id.current, draft);
      say(t(SETUP.saved), "good");
      onSaved();
    });
  };
  return (
    <Dialog title={account ? t(ACCOUNTS.edit, { name: account.name }) : t(ACCOUNTS.add)} onClose={onClose}>
      <div class="stack">
        <form class="stack" onSubmit={submit}>
          <AccountFields
            known={account !== null}
            draft={draft}
            set={(change) => setDraft({ ...draft, ...change })}
            error={sending.error}
          />
          <FormEnd sending={sending} shown={["name", "secret", "permission", "districts"]} onCancel={onClose} />
        </form>
        {account && <Tokens account={account} timeZone={district.time_zone} />}
      </div>
    </Dialog>
  );
}

function draftOf(account: Account | null, district: District): Draft {
  if (!account)
    return { name: "", secret: "", permission: "coordinator", districts: [district.code], active: true, leads: false };
  const { name, permission, active, leads } = account;
  const codes = account.districts.map(({ code }) => code);
  return { name, secret: "", permission: permission as Permission, districts: codes, active, leads };
}

async function save(account: Account | null, id: string, { secret, active, ...draft }: Draft): Promise<void> {
  const body = { ...draft, districts: [...draft.districts], secret: secret || null };
  if (!account) await answered(api.POST("/v1/accounts", { body: { ...body, id } }));
  else await answered(api.PATCH("/v1/accounts/{id}", { params: { path: { id } }, body: { ...body, active } }));
}

interface FieldsProps {
  known: boolean;
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: unknown;
}

function AccountFields({ known, draft, set, error }: FieldsProps) {
  const all = new Map(districts.value.map(({ code, name }) => [code, name]));
  for (const code of draft.districts) if (!all.has(code)) all.set(code, code);
  return (
    <>
      <div class="setup__pair">
        <TextField
          label={t(ACCOUNTS.name)}
          error={fieldError(error, "name")}
          required
          maxLength={200}
          autocomplete="off"
          value={draft.name}
          onText={(text) => set({ name: text })}
        />
        <Field label={t(ACCOUNTS.permission)} error={fieldError(error, "permission")}>
          {(input) => (
            <select
              {...input}
              value={draft.permission}
              onChange={(event) => set({ permission: event.currentTarget.value as Permission })}
            >
              {PERMISSIONS.map((one) => (
                <option key={one} value={one}>
                  {permissionName(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <TextField
        label={t(known ? ACCOUNTS.newSecret : ACCOUNTS.secret)}
        hint={t(known ? ACCOUNTS.newSecretHint : ACCOUNTS.secretHint)}
        error={fieldError(error, "secret")}
        type="password"
        autocomplete="new-password"
        value={draft.secret}
        onText={(text) => set({ secret: text })}
      />
      {draft.permission !== "admin" && (
        <Chips
          legend={t(ACCOUNTS.districts)}
          hint=""
          options={[...all]}
          chosen={draft.districts}
          choose={(chosen) => set({ districts: chosen })}
          error={fieldError(error, "districts")}
        />
      )}
      {(draft.permission === "coordinator" || draft.permission === "admin") && (
        <label class="setup__check">
          <input
            type="checkbox"
            checked={draft.leads}
            onChange={(event) => set({ leads: event.currentTarget.checked })}
          />
          {t(ACCOUNTS.leads)}
        </label>
      )}
      {known && (
        <label class="setup__check">
          <input
            type="checkbox"
            checked={draft.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
          {t(ACCOUNTS.active)}
        </label>
      )}
    </>
  );
}
