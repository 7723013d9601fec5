import "./protocols.css";
import { useState } from "preact/hooks";
import { PROTOCOLS } from "../../../texts/console-follow-ups.ts";
import { CLASS } from "../../../texts/console-people.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { named, t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { type District, mayChange } from "../../model.ts";
import { PlanSaid } from "../../people/follow-ups/PlanSaid.tsx";
import { type Protocol, useProtocols } from "../../people/follow-ups/useProtocols.ts";
import { listed } from "../names.ts";
import { TableHead } from "../TableHead.tsx";
import { Usual } from "../Usual.tsx";
import { ProtocolDialog } from "./ProtocolDialog.tsx";

const HEADS = [SETUP.name, PROTOCOLS.days, PROTOCOLS.lines, PROTOCOLS.lost, PROTOCOLS.contacts];

/** The protocols of the district: what each has due, in plain words. */
export function Protocols({ district }: { district: District }) {
  const [inactive, setInactive] = useState(false);
  const [edited, setEdited] = useState<Protocol | "new" | null>(null);
  const asked = useProtocols(district);
  const shown = asked.value?.filter(({ active }) => inactive || active);
  return (
    <>
      <p class="setup__quiet">{t(PROTOCOLS.intro)}</p>
      <div class="setup__tools">
        <label class="setup__check">
          <input type="checkbox" checked={inactive} onChange={(event) => setInactive(event.currentTarget.checked)} />
          {t(SETUP.alsoInactive)}
        </label>
        {mayChange.value && (
          <div class="row">
            <Usual path="/v1/protocols/usual" district={district} label={PROTOCOLS.usual} onMade={asked.again} />
            <button type="button" class="button button--primary" onClick={() => setEdited("new")}>
              {t(PROTOCOLS.add)}
            </button>
          </div>
        )}
      </div>
      <ProblemNote error={asked.error} />
      {shown?.length === 0 && <p class="setup__empty">{t(PROTOCOLS.empty)}</p>}
      {shown && shown.length > 0 && (
        <table class="setup__table">
          <TableHead columns={HEADS} />
          <tbody>
            {shown.map((protocol) => (
              <ProtocolRow key={protocol.id} protocol={protocol} edit={() => setEdited(protocol)} />
            ))}
          </tbody>
        </table>
      )}
      {edited && (
        <ProtocolDialog
          key={edited === "new" ? "new" : edited.id}
          district={district}
          protocol={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            asked.again();
          }}
        />
      )}
    </>
  );
}

function ProtocolRow({ protocol, edit }: { protocol: Protocol; edit: () => void }) {
  const name = named(protocol.names);
  const lost = protocol.lost_after_days;
  return (
    <tr class={protocol.active ? "" : "setup__off"}>
      <th scope="row">
        {name} <code class="setup__quiet">{protocol.code}</code>{" "}
        {!protocol.active && <span class="badge">{t(SETUP.inactive)}</span>}
      </th>
      <td data-label={t(PROTOCOLS.days)}>{daysWord(protocol.days)}</td>
      <td data-label={t(PROTOCOLS.lines)} class="setup__long">
        <PlanSaid lines={protocol.lines} />
      </td>
      <td data-label={t(PROTOCOLS.lost)}>{lost === null ? t(PROTOCOLS.never) : daysWord(lost)}</td>
      <td data-label={t(PROTOCOLS.contacts)}>
        {protocol.for_contacts.length ? listed(protocol.for_contacts.map((one) => t(CLASS[one]))) : t(PROTOCOLS.nobody)}
      </td>
      <td class="setup__actions">
        <button
          type="button"
          class="button button--quiet"
          aria-label={mayChange.value ? t(SETUP.editOf, { name }) : `${t(SETUP.look)}: ${name}`}
          onClick={edit}
        >
          {t(mayChange.value ? SETUP.edit : SETUP.look)}
        </button>
      </td>
    </tr>
  );
}

function daysWord(n: number): string {
  return n === 1 ? t(PROTOCOLS.oneDay) : t(PROTOCOLS.daysN, { n });
}
