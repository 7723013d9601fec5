import * as L from "leaflet";
import { useEffect, useRef } from "preact/hooks";
import { makeMap } from "../../../map/leaflet.ts";
import { TEAMS } from "../../../texts/console-setup.ts";
import { t } from "../../../texts/language.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { type Grid, grids } from "../../model.ts";
import { drawGrids, lookAt } from "../grids/layer.ts";

interface StartPlaceProps {
  /** Degrees, as they are written; empty: no place. */
  lat: string;
  lon: string;
  set: (place: { lat: string; lon: string }) => void;
  error: string | undefined;
  /** Without one it is where a team starts. */
  legend?: string;
  hint?: string;
  required?: boolean;
}

/** Where a team starts, or another place: by a click on a map, or written. */
export function StartPlace({ lat, lon, set, error, legend, hint, required = false }: StartPlaceProps) {
  const latest = useRef(set);
  latest.current = set;
  return (
    <fieldset class="setup__set">
      <legend class="field__label">{legend ?? t(TEAMS.start)}</legend>
      <span class="field__hint">{hint ?? t(TEAMS.startHint)}</span>
      <PlaceMap
        label={legend ?? t(TEAMS.startMap)}
        lat={lat}
        lon={lon}
        grids={grids.value}
        pick={(place) => latest.current(place)}
      />
      <div class="setup__pair">
        <Degrees
          label={t(TEAMS.lat)}
          most={90}
          required={required}
          value={lat}
          set={(written) => set({ lat: written, lon })}
          error={error}
        />
        <Degrees
          label={t(TEAMS.lon)}
          most={180}
          required={required}
          value={lon}
          set={(written) => set({ lat, lon: written })}
          error={undefined}
        />
      </div>
      {lat && lon && !required && (
        <button type="button" class="button button--quiet setup__start" onClick={() => set({ lat: "", lon: "" })}>
          {t(TEAMS.clearStart)}
        </button>
      )}
    </fieldset>
  );
}

interface DegreesProps {
  label: string;
  most: number;
  required: boolean;
  value: string;
  set: (written: string) => void;
  error: string | undefined;
}

function Degrees({ label, most, required, value, set, error }: DegreesProps) {
  return (
    <TextField
      label={label}
      error={error}
      class="setup__number"
      type="number"
      required={required}
      step="any"
      min={-most}
      max={most}
      value={value}
      onText={set}
    />
  );
}

/** Digits behind the point: a tenth of a metre is more than a click knows. */
const DIGITS = 6;

export function degrees(value: number): string {
  return String(Number(value.toFixed(DIGITS)));
}

const NEAR = 16;

interface PlaceMapProps {
  label: string;
  lat: string;
  lon: string;
  grids: ReadonlyMap<string, Grid>;
  pick: (place: { lat: string; lon: string }) => void;
}

function PlaceMap({ label, lat, lon, grids, pick }: PlaceMapProps) {
  const element = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map>(null);
  useEffect(() => {
    if (!element.current) return;
    const made = makeMap(element.current, { label });
    const shapes = drawGrids(made, [...grids.values()], "same", 0);
    let looked = false;
    const look = () => {
      made.invalidateSize({ animate: false });
      if (looked || !made.getSize().y) return;
      looked = true;
      if (lat && lon) made.setView([Number(lat), Number(lon)], NEAR, { animate: false });
      else lookAt(made, shapes);
    };
    // A dialog gives the map its size only when it opens, after this.
    const sized = new ResizeObserver(look);
    sized.observe(element.current);
    made.on("click", ({ latlng }) => {
      const { lat, lng } = latlng.wrap();
      pick({ lat: degrees(lat), lon: degrees(lng) });
    });
    map.current = made;
    return () => {
      sized.disconnect();
      made.remove();
      map.current = null;
    };
  }, [grids]);
  useEffect(() => {
    if (!map.current || !lat || !lon) return;
    const mark = L.circleMarker([Number(lat), Number(lon)], {
      radius: 8,
      color: "#fff",
      weight: 2,
      fillColor: "#0b5d56",
      fillOpacity: 1,
    });
    mark.addTo(map.current);
    return () => {
      mark.remove();
    };
  }, [lat, lon, grids]);
  return <div ref={element} class="setup__place" />;
}
