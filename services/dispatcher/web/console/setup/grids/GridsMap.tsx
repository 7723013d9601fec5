import type * as L from "leaflet";
import { useEffect, useRef } from "preact/hooks";
import { makeMap } from "../../../map/leaflet.ts";
import { GRIDS } from "../../../texts/console-grids.ts";
import { t } from "../../../texts/language.ts";
import { drawGrids, lookAt, type Outline, type Standing } from "./layer.ts";

interface GridsMapProps {
  layers: readonly { grids: readonly Outline[]; standing: Standing }[];
}

/** Grids on a map, each group in its colour; the map looks at all of them when they change. */
export function GridsMap({ layers }: GridsMapProps) {
  const element = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map>(null);
  useEffect(() => {
    if (!element.current) return;
    const made = makeMap(element.current, { label: t(GRIDS.map) });
    map.current = made;
    return () => {
      made.remove();
      map.current = null;
    };
  }, []);
  const drawn = layers.map(({ grids, standing }) => `${standing} ${grids.map(({ code }) => code).join()}`).join();
  useEffect(() => {
    const here = map.current;
    if (!here) return;
    const shown = layers.map(({ grids, standing }) => drawGrids(here, grids, standing));
    lookAt(here, ...shown);
    return () => {
      for (const layer of shown) layer.remove();
    };
  }, [drawn]);
  return <div ref={element} class="setup__map" />;
}
