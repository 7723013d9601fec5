/** The route on a map: loaded on its own, for it brings the map's code along. */

import * as L from "leaflet";
import { makeMap } from "../../map/leaflet.ts";
import type { Stop } from "../route-overlay.ts";
import { isCall, numbered } from "./doors.ts";

const SIGN_PX = 48;
/** A tap this near to a sign means it. */
const THUMB_PX = 36;

export interface DrawnRoute {
  show: (stops: readonly Stop[]) => void;
  remove: () => void;
}

export function drawRoute(element: HTMLElement, label: string, opened: (key: string) => void): DrawnRoute {
  const map = makeMap(element, { label });
  const layer = L.layerGroup().addTo(map);
  let looked = "";
  let signs: readonly { stop: Stop; at: L.LatLng }[] = [];
  map.on("click", ({ containerPoint }) => {
    const far = ({ at }: { at: L.LatLng }) => map.latLngToContainerPoint(at).distanceTo(containerPoint);
    const [nearest] = signs.toSorted((one, other) => far(one) - far(other));
    if (nearest && far(nearest) <= THUMB_PX) opened(nearest.stop.key);
  });
  const show = (stops: readonly Stop[]) => {
    layer.clearLayers();
    const points = numbered(stops).flatMap(({ stop, number }) =>
      stop.lat !== null && stop.lon !== null && number !== null && !isCall(stop)
        ? [{ stop, number, at: L.latLng(stop.lat, stop.lon) }]
        : [],
    );
    const colour = getComputedStyle(element).getPropertyValue("--brand").trim();
    L.polyline(
      points.map(({ at }) => at),
      { color: colour, weight: 4, opacity: 0.8, interactive: false },
    ).addTo(layer);
    signs = points;
    const [next] = points;
    for (const { stop, number, at } of points.toReversed())
      L.marker(at, { icon: sign(number, stop === next?.stop), interactive: false, keyboard: false }).addTo(layer);
    const keys = stops.map((stop) => stop.key).join();
    if (points.length && keys !== looked)
      map.fitBounds(L.latLngBounds(points.map(({ at }) => at)), { padding: [40, 40], maxZoom: 17, animate: false });
    looked = keys;
  };
  return { show, remove: () => void map.remove() };
}

function sign(number: number, next: boolean): L.DivIcon {
  const shown = document.createElement("span");
  shown.className = next ? "map-stop map-stop--next" : "map-stop";
  shown.textContent = String(number);
  return L.divIcon({ html: shown, className: "map-stop-target", iconSize: [SIGN_PX, SIGN_PX] });
}
