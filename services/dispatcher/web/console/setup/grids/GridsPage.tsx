import { useEffect, useState } from "preact/hooks";
import { GRIDS } from "../../../texts/console-grids.ts";
import { t } from "../../../texts/language.ts";
import { type District, type Grid, grids, mayChange } from "../../model.ts";
import { GridsMap } from "./GridsMap.tsx";
import { Preview } from "./Preview.tsx";
import { asGeoJson, readUpload, type Upload } from "./upload.ts";

interface Chosen {
  /** The same file, mended, is another choice. */
  at: number;
  file: string;
  upload: Upload;
}

/** The grids of the district on a map; a file is shown there before anything is sent. */
export function GridsPage({ district }: { district: District }) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const known = [...grids.value.values()].sort((a, b) => a.code.localeCompare(b.code, undefined, { numeric: true }));
  const take = async (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) setChosen({ at: performance.now(), file: file.name, upload: readUpload(await file.text()) });
  };
  useDropped(take);
  if (chosen)
    return (
      <Preview
        key={chosen.at}
        district={district}
        file={chosen.file}
        upload={chosen.upload}
        known={known}
        take={take}
        onClose={() => setChosen(null)}
      />
    );
  return (
    <div class="setup__split">
      <GridsMap layers={[{ grids: known, standing: "same" }]} />
      <div class="stack setup__side">
        {mayChange.value && <FileButton take={take} />}
        {mayChange.value && <p class="setup__quiet">{t(GRIDS.what)}</p>}
        {known.length > 0 && (
          <button
            type="button"
            class="button"
            onClick={() => download(`${district.code}-grids.geojson`, asGeoJson(known))}
          >
            {t(GRIDS.download)}
          </button>
        )}
        {known.length === 0 ? <p class="setup__empty">{t(GRIDS.empty)}</p> : <GridList known={known} />}
      </div>
    </div>
  );
}

/** A file may be dropped anywhere on the page; where nothing may be changed it is only kept from replacing the page. */
function useDropped(take: (files: FileList | undefined) => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      if (mayChange.peek()) take(event.dataTransfer?.files);
    };
    addEventListener("dragover", over);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("drop", drop);
    };
  }, []);
}

function GridList({ known }: { known: readonly Grid[] }) {
  return (
    <section class="stack">
      <h2>{t(GRIDS.list, { n: known.length })}</h2>
      <ul class="setup__list">
        {known.map((grid) => (
          <li key={grid.id}>
            <strong>{grid.code}</strong>
            <span>{grid.name !== grid.code && grid.name}</span>
            <span class="setup__quiet setup__number">{area(grid.area_m2)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const M2_A_KM2 = 1_000_000;

function area(m2: number): string {
  return m2 < M2_A_KM2 / 100
    ? t(GRIDS.areaSmall, { n: Math.round(m2) })
    : t(GRIDS.area, { n: (m2 / M2_A_KM2).toFixed(2) });
}

/** A file is chosen with a button that looks like one, or dropped on the page. */
export function FileButton({ take }: { take: (files: FileList | null) => void }) {
  return (
    <label class="button button--primary setup__file">
      {t(GRIDS.upload)}
      <input
        class="visually-hidden"
        type="file"
        accept=".geojson,.json,application/geo+json,application/json"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/geo+json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
