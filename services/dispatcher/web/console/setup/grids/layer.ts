/** Grids drawn as outlines on a map. */

import type { Feature, Geometry } from "geojson";
import * as L from "leaflet";

export interface Outline {
  readonly code: string;
  readonly name: string;
  readonly geometry: unknown;
}

/** How a grid stands to what is known: `same`, or what an upload would make of it. */
export type Standing = "same" | "added" | "changed" | "removed";

const COLOUR: Readonly<Record<Standing, string>> = {
  same: "--map-grid",
  added: "--good",
  changed: "--warn",
  removed: "--bad",
};

/** With more grids than this their names would cover one another. */
const MOST_LABELS = 60;

/** Draws these grids; answers their layer. Names are written on a few, and show on hovering over many. */
export function drawGrids(
  map: L.Map,
  grids: readonly Outline[],
  standing: Standing = "same",
  mostLabels = MOST_LABELS,
): L.GeoJSON {
  const colours = getComputedStyle(map.getContainer());
  const colour = colours.getPropertyValue(COLOUR[standing]).trim();
  const few = grids.length <= mostLabels;
  const layer = L.geoJSON(undefined, {
    style: {
      color: colour,
      weight: standing === "same" ? 1.5 : 2.5,
      fillOpacity: standing === "same" ? 0.06 : 0.16,
      ...(standing === "removed" && { dashArray: "6 5" }),
    },
    onEachFeature: (feature, shape) =>
      shape.bindTooltip(
        label(feature),
        few ? { permanent: true, direction: "center", className: "setup__label" } : { sticky: true },
      ),
  });
  for (const { code, name, geometry } of grids)
    layer.addData({ type: "Feature", properties: { code, name }, geometry: geometry as Geometry } as Feature);
  return layer.addTo(map);
}

/** Text, never HTML: grids are named by people. */
function label({ properties }: Feature): HTMLElement {
  const element = document.createElement("span");
  element.textContent = String(properties?.name || properties?.code);
  return element;
}

/** Shows these layers whole. */
export function lookAt(map: L.Map, ...layers: readonly L.GeoJSON[]): void {
  const bounds = L.latLngBounds([]);
  for (const layer of layers) if (layer.getLayers().length > 0) bounds.extend(layer.getBounds());
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [12, 12], animate: false });
}
