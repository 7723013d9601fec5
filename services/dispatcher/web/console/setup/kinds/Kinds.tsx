import { useState } from "preact/hooks";
import { KINDS } from "../../../texts/console-kinds.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { named, t } from "../../../texts/language.ts";
import { span } from "../../../ui/time.ts";
import { loadKinds } from "../../load.ts";
import { type District, type Kind, kinds, mayChange } from "../../model.ts";
import { capabilityName, listed, roleName } from "../names.ts";
import { TableHead } from "../TableHead.tsx";
import { Usual } from "../Usual.tsx";
import { KindDialog } from "./KindDialog.tsx";

/** The kinds of tasks of the district. */
export function Kinds({ district }: { district: District }) {
  const [inactive, setInactive] = useState(false);
  const [edited, setEdited] = useState<string | "new" | null>(null);
  const all = [...kinds.value.values()].filter((kind) => inactive || kind.active);
  const shown = all.sort((a, b) => b.priority - a.priority || a.code.localeCompare(b.code));
  return (
    <>
      <div class="setup__tools">
        <label class="setup__check">
          <input type="checkbox" checked={inactive} onChange={(event) => setInactive(event.currentTarget.checked)} />
          {t(SETUP.alsoInactive)}
        </label>
        {mayChange.value && (
          <div class="row">
            <Usual path="/v1/kinds/usual" district={district} label={KINDS.usual} onMade={loadKinds} />
            <button type="button" class="button button--primary" onClick={() => setEdited("new")}>
              {t(KINDS.add)}
            </button>
          </div>
        )}
      </div>
      {shown.length === 0 ? (
        <p class="setup__empty">{t(KINDS.empty)}</p>
      ) : (
        <KindTable kinds={shown} edit={(kind) => setEdited(kind.id)} />
      )}
      {edited && (
        <KindDialog
          key={edited}
          district={district}
          id={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

function KindTable({ kinds, edit }: { kinds: readonly Kind[]; edit: (kind: Kind) => void }) {
  const heads = [SETUP.name, KINDS.channel, KINDS.service, KINDS.due, KINDS.priority, KINDS.roles, KINDS.version];
  return (
    <table class="setup__table">
      <TableHead columns={heads} />
      <tbody>
        {kinds.map((kind) => (
          <KindRow key={kind.id} kind={kind} edit={edit} />
        ))}
      </tbody>
    </table>
  );
}

function KindRow({ kind, edit }: { kind: Kind; edit: (kind: Kind) => void }) {
  const needs = [...kind.required_roles.map(roleName), ...kind.required_capabilities.map(capabilityName)];
  const name = named(kind.names);
  return (
    <tr class={kind.active ? "" : "setup__off"}>
      <th scope="row">
        {name} <code class="setup__quiet">{kind.code}</code>{" "}
        {!kind.active && <span class="badge">{t(SETUP.inactive)}</span>}
      </th>
      <td data-label={t(KINDS.channel)}>{t(KINDS[kind.channel])}</td>
      <td data-label={t(KINDS.service)}>{span(kind.service_s * 1000)}</td>
      <td data-label={t(KINDS.due)}>{kind.due_after_s ? span(kind.due_after_s * 1000) : t(KINDS.dayEnds)}</td>
      <td data-label={t(KINDS.priority)}>{kind.priority}</td>
      <td data-label={t(KINDS.roles)} class="setup__long">
        {listed(needs) || t(SETUP.none)}
      </td>
      <td data-label={t(KINDS.version)}>{kind.form_version}</td>
      <td class="setup__actions">
        <button
          type="button"
          class="button button--quiet"
          aria-label={mayChange.value ? t(SETUP.editOf, { name }) : `${t(SETUP.look)}: ${name}`}
          onClick={() => edit(kind)}
        >
          {t(mayChange.value ? SETUP.edit : SETUP.look)}
        </button>
      </td>
    </tr>
  );
}
