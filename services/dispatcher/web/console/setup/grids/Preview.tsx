import { useState } from "preact/hooks";
import { answered, api, Refused } from "../../../api/client.ts";
import { GRIDS } from "../../../texts/console-grids.ts";
import { SETUP } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { otherErrors, sentence } from "../../../ui/refusal.ts";
import { say } from "../../../ui/toasts.tsx";
import { loadGrids } from "../../load.ts";
import type { District, Grid } from "../../model.ts";
import { useSending } from "../asked.ts";
import { GridsMap } from "./GridsMap.tsx";
import { FileButton } from "./GridsPage.tsx";
import { type BadFeature, type Changes, changesOf, type Upload } from "./upload.ts";

interface PreviewProps {
  district: District;
  file: string;
  upload: Upload;
  known: readonly Grid[];
  take: (files: FileList | null) => void;
  onClose: () => void;
}

/** What a file would do to the grids, on the map and in numbers. Nothing is sent until it is confirmed. */
export function Preview({ district, file, upload, known, take, onClose }: PreviewProps) {
  const [replace, setReplace] = useState(false);
  const sending = useSending();
  const changes = changesOf(upload.drawn, known);
  const count = changes.added.length + changes.changed.length;
  const removes = replace ? changes.missing.length : 0;
  const send = () =>
    sending.run(async () => {
      const done = await put(district, upload, replace);
      await loadGrids();
      const { households_moved: households, tasks_moved: tasks, added, removed } = done;
      say(t(GRIDS.done, { added, changed: changes.changed.length, removed, households, tasks }), "good");
      onClose();
    });
  return (
    <div class="setup__split">
      <GridsMap
        layers={[
          { grids: changes.missing, standing: replace ? "removed" : "same" },
          { grids: changes.same, standing: "same" },
          { grids: changes.changed, standing: "changed" },
          { grids: changes.added, standing: "added" },
        ]}
      />
      <div class="stack setup__side">
        <h2>{t(GRIDS.preview, { file })}</h2>
        <p class="notice notice--info">{t(GRIDS.nothingSent)}</p>
        {upload.flaw && (
          <p class="notice notice--bad" role="alert">
            {t(GRIDS[upload.flaw])}
          </p>
        )}
        {upload.bad.length > 0 && <BadFeatures bad={upload.bad} />}
        {!upload.flaw && <Counts changes={changes} removes={replace} />}
        {!upload.flaw && changes.missing.length > 0 && (
          <label class="setup__check">
            <input type="checkbox" checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} />
            {t(GRIDS.replace, { n: changes.missing.length })}
          </label>
        )}
        {removes > 0 && <p class="notice notice--warn">{t(GRIDS.removeWhy)}</p>}
        <Refusal error={sending.error} upload={upload} />
        {!upload.flaw && !upload.bad.length && count + removes === 0 && <p>{t(GRIDS.nothing)}</p>}
        <div class="setup__end">
          <button type="button" class="button" onClick={onClose}>
            {t(SETUP.cancel)}
          </button>
          {upload.flaw || upload.bad.length > 0 || sending.error instanceof Refused ? (
            <FileButton take={take} />
          ) : (
            <button
              type="button"
              class={removes > 0 ? "button button--danger" : "button button--primary"}
              disabled={sending.busy || count + removes === 0}
              onClick={send}
            >
              {t(GRIDS.draw, { n: count })}
              {removes > 0 && `, ${t(GRIDS.removed)}: ${removes}`}
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

/** Raises Refused, NoAnswer. A batch may take a while. */
async function put(district: District, { collection }: Upload, replace: boolean) {
  if (!collection) throw new Error("there is nothing to send");
  return answered(
    api.PUT("/v1/grids", {
      params: { query: { district: district.code, replace } },
      body: { type: collection.type, features: collection.features as never },
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
}

const PATIENCE_MS = 120_000;
const SHOWN_CODES = 12;

function Counts({ changes, removes }: { changes: Changes<Grid>; removes: boolean }) {
  const rows = [
    { text: GRIDS.added, badge: "badge--good", codes: changes.added },
    { text: GRIDS.changed, badge: "badge--warn", codes: changes.changed },
    { text: GRIDS.same, badge: "", codes: changes.same },
    {
      text: removes ? GRIDS.removed : GRIDS.missing,
      badge: removes ? "badge--bad" : "",
      codes: changes.missing as readonly { code: string }[],
    },
  ];
  return (
    <dl class="setup__counts">
      {rows.map(({ text, badge, codes }) => (
        <div key={text.en}>
          <dt>
            <span class={`badge ${badge}`}>{t(text)}</span>
          </dt>
          <dd>
            <strong>{codes.length}</strong>{" "}
            <span class="setup__quiet">
              {codes
                .slice(0, SHOWN_CODES)
                .map(({ code }) => code)
                .join(", ")}
              {codes.length > SHOWN_CODES && " …"}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function BadFeatures({ bad }: { bad: readonly BadFeature[] }) {
  return (
    <div class="notice notice--bad" role="alert">
      {t(GRIDS.bad, { n: bad.length })}
      <ul class="setup__bad">
        {bad.map(({ index, code, flaw }) => (
          <li key={index}>
            <strong>{code || t(GRIDS.feature, { n: index + 1 })}</strong> {t(GRIDS[flaw], { code })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The API names features by their place in the file; people know them by their code. */
function Refusal({ error, upload }: { error: unknown; upload: Upload }) {
  if (!error) return null;
  const codeAt = (loc: string) => {
    const index = Number(/^features\.(\d+)/.exec(loc)?.[1] ?? -1);
    return upload.drawn[index]?.code ?? loc;
  };
  return (
    <div class="notice notice--bad" role="alert">
      {sentence(error)}
      <ul class="setup__bad">
        {otherErrors(error, []).map(({ loc, msg }) => (
          <li key={loc}>
            <strong>{codeAt(loc)}</strong> {msg}
          </li>
        ))}
      </ul>
    </div>
  );
}
