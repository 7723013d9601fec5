import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { POINTS } from "../../../texts/console-specimens.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { allOf } from "../../load.ts";
import { type District, kindName, mayChange } from "../../model.ts";
import { useAsked, useEvents } from "../asked.ts";
import { listed } from "../names.ts";
import { TableHead } from "../TableHead.tsx";
import { PointForm } from "./PointForm.tsx";

export type PickUpPoint = Schemas["PickUpPointOut"];

const A_PAGE = 200;

/** Where teams leave tubes: added, changed, closed. */
export function Points({ district }: { district: District }) {
  const [edited, setEdited] = useState<PickUpPoint | "new" | null>(null);
  const asked = useAsked(() => pointsOf(district), [district.id]);
  useEvents(["pick_up_point.changed"], asked.again);
  return (
    <section class="stack">
      <div class="setup__tools">
        <h2>{t(POINTS.title)}</h2>
        {mayChange.value && (
          <button type="button" class="button button--primary" onClick={() => setEdited("new")}>
            {t(POINTS.add)}
          </button>
        )}
      </div>
      <p class="setup__quiet">{t(POINTS.what)}</p>
      <ProblemNote error={asked.error} />
      {asked.value?.length === 0 && <p class="setup__empty">{t(POINTS.empty)}</p>}
      {asked.value && asked.value.length > 0 && <PointTable points={asked.value} edit={setEdited} />}
      {edited && (
        <PointForm
          district={district}
          point={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            asked.again();
          }}
        />
      )}
    </section>
  );
}

function pointsOf(district: District): Promise<PickUpPoint[]> {
  return allOf((cursor) =>
    answered(
      api.GET("/v1/pick-up-points", {
        params: { query: { district: district.code, limit: A_PAGE, ...(cursor ? { cursor } : {}) } },
      }),
    ),
  );
}

interface TableProps {
  points: readonly PickUpPoint[];
  edit: (point: PickUpPoint) => void;
}

function PointTable({ points, edit }: TableProps) {
  return (
    <table class="setup__table">
      <TableHead columns={[POINTS.name, POINTS.address, POINTS.lab, POINTS.kinds]} />
      <tbody>
        {points.map((point) => (
          <tr key={point.id} class={point.active ? "" : "setup__off"}>
            <th scope="row">
              {point.name} {!point.active && <span class="badge">{t(SETUP.inactive)}</span>}
            </th>
            <td data-label={t(POINTS.address)} class="setup__long">
              {point.address}
            </td>
            <td data-label={t(POINTS.lab)} class="setup__long">
              {point.lab_address}
            </td>
            <td data-label={t(POINTS.kinds)}>{listed(point.kinds.map(kindName))}</td>
            <td class="setup__actions">
              {mayChange.value && (
                <button
                  type="button"
                  class="button button--quiet"
                  aria-label={t(SETUP.editOf, { name: point.name })}
                  onClick={() => edit(point)}
                >
                  {t(SETUP.edit)}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
