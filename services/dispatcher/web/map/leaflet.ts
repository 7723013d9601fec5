/** A Leaflet map that draws on a canvas and asks no other host, unless the settings name a tile server. */

import "leaflet/dist/leaflet.css";
import "./map.css";
import * as L from "leaflet";
import { api, type Schemas } from "../api/client.ts";

export type MapSettings = Schemas["MapSettings"];

/** Where a map looks before it knows anything: the middle of Shanghai. */
const FIRST_VIEW: L.LatLngTuple = [31.23, 121.47];
const FIRST_ZOOM = 13;
const DEEPEST_ZOOM = 20;
/** Beyond this zoom tiles are enlarged, not asked for: most servers have none. */
const DEEPEST_TILE = 19;

export interface MapOptions extends L.MapOptions {
  /** What a screen reader calls the map. */
  label?: string;
}

/** A map in `element`, on a plain ground until the settings name tiles. Remove it with `map.remove()`. */
export function makeMap(element: HTMLElement, { label, ...options }: MapOptions = {}): L.Map {
  if (label) element.setAttribute("aria-label", label);
  element.setAttribute("role", "application");
  element.classList.add("map");
  const map = L.map(element, {
    renderer: L.canvas({ padding: 0.3, tolerance: 6 }),
    preferCanvas: true,
    zoomControl: true,
    attributionControl: false,
    maxZoom: DEEPEST_ZOOM,
    center: FIRST_VIEW,
    zoom: FIRST_ZOOM,
    zoomSnap: 0.5,
    ...options,
  });
  void addTiles(map);
  return map;
}

let asked: Promise<MapSettings | undefined> | undefined;

/** What the settings say about tiles; nothing where nobody answers. */
export function mapSettings(): Promise<MapSettings | undefined> {
  asked ??= api.GET("/v1/map").then(
    (answer) => answer.data,
    () => undefined,
  );
  return asked;
}

async function addTiles(map: L.Map): Promise<void> {
  let gone = false;
  map.on("unload", () => {
    gone = true;
  });
  const settings = await mapSettings();
  if (gone || !settings?.tiles_url) return;
  map.getContainer().classList.add("map--tiles");
  L.tileLayer(settings.tiles_url, { maxNativeZoom: DEEPEST_TILE, maxZoom: DEEPEST_ZOOM, className: "map-tiles" }).addTo(
    map,
  );
  if (settings.tiles_attribution)
    L.control.attribution({ prefix: false }).addAttribution(escaped(settings.tiles_attribution)).addTo(map);
}

/** Leaflet writes the attribution as HTML; a setting is plain text. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
