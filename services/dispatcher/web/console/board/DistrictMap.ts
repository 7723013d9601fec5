/** The map of a district, kept true to the model: grids below, then walks and tasks, teams on top. */

import { effect } from "@preact/signals";
import * as L from "leaflet";
import { DrawnLayer } from "../../map/drawn.ts";
import { makeMap } from "../../map/leaflet.ts";
import { type Pen, type Spot, spotOf } from "../../map/projection.ts";
import { Sprites } from "../../map/sprites.ts";
import { MAP } from "../../texts/console-board.ts";
import { language, t } from "../../texts/language.ts";
import { grids, overview, picked, picking, points, selection } from "../model.ts";
import { go, place } from "../router.ts";
import { layers, lookAt, moment, shown } from "./board.ts";
import { type Drawn, drawGrids, drawTasks, drawWalks, hitsAt, type Outline, outlineOf, walksOf } from "./drawing.ts";
import { placeOf, TeamMarks } from "./TeamMarks.ts";

const REACH_PX = 14;
const CLOSE_ZOOM = 16;
const PICKED_PX = 22;

/** Several tasks at one door, and where on the map they were clicked. */
export interface Door {
  readonly ids: readonly string[];
  readonly x: number;
  readonly y: number;
}

export class DistrictMap {
  readonly #map: L.Map;
  readonly #sprites: Sprites;
  readonly #marks = new TeamMarks();
  readonly #pickMark = L.marker([0, 0], {
    icon: L.divIcon({ className: "board-map__picked", iconSize: [PICKED_PX, PICKED_PX] }),
    interactive: false,
    keyboard: false,
  });
  readonly #ground: DrawnLayer;
  readonly #tasks: DrawnLayer;
  readonly #ends: (() => void)[];
  readonly #chooseAmong: (door: Door | null) => void;
  #outlines: readonly Outline[] = [];
  #drawn: readonly Drawn[] = [];
  #fitted = "";

  /** `chooseAmong` is told when a click means one of several tasks, and null when that is over. */
  constructor(element: HTMLElement, chooseAmong: (door: Door | null) => void) {
    this.#chooseAmong = chooseAmong;
    this.#map = makeMap(element, { label: t(MAP.label) });
    this.#sprites = new Sprites(element);
    this.#ground = new DrawnLayer((pen) => this.#drawGround(pen), "overlayPane");
    this.#tasks = new DrawnLayer((pen) => this.#draw(pen), "overlayPane");
    for (const layer of [this.#ground, this.#tasks, this.#marks.layer]) layer.addTo(this.#map);
    this.#map.on("click", (event: L.LeafletMouseEvent) => this.#click(event));
    this.#map.on("movestart", () => chooseAmong(null));
    this.#map.on("mousemove", (event: L.LeafletMouseEvent) => {
      element.classList.toggle("board-map__map--over", this.#hits(event).length > 0);
    });
    this.#ends = [...this.#followModel(element), this.#followSize(element), this.#followNight()];
  }

  remove(): void {
    for (const end of this.#ends) end();
    this.#sprites.stop();
    this.#map.remove();
  }

  #followModel(element: HTMLElement): (() => void)[] {
    return [
      effect(() => {
        this.#outlines = [...grids.value.values()].map(outlineOf);
        this.#ground.repaint();
        this.#fitOnce();
      }),
      effect(() => {
        void layers.value;
        this.#ground.repaint();
      }),
      effect(() => {
        void [shown.value, points.value, selection.value, place.value, layers.value, overview.value];
        this.#tasks.repaint();
      }),
      effect(() => {
        void language.value;
        this.#marks.show(layers.value.has("teams") ? (overview.value?.teams ?? []) : [], chosen().team);
      }),
      effect(() => {
        const at = picked.value;
        if (at) this.#pickMark.setLatLng([at.lat, at.lon]).addTo(this.#map);
        else this.#pickMark.remove();
      }),
      effect(() => {
        element.classList.toggle("board-map__map--picking", picking.value !== null);
      }),
      effect(() => {
        const at = lookAt.value;
        if (at === "district") this.#fit();
        else if (at) this.#map.setView([at.lat, at.lon], Math.max(this.#map.getZoom(), CLOSE_ZOOM));
        lookAt.value = null;
      }),
      effect(() => {
        const open = chosen().open;
        const task = open ? points.peek().get(open) : undefined;
        if (task) requestAnimationFrame(() => this.#bringIntoView([task]));
      }),
      effect(() => {
        const { team } = chosen();
        if (team) requestAnimationFrame(() => this.#bringIntoView(placesOf(team)));
      }),
    ];
  }

  #followSize(element: HTMLElement): () => void {
    const watch = new ResizeObserver(() => {
      this.#map.invalidateSize({ animate: false });
      this.#fitOnce();
    });
    watch.observe(element);
    return () => watch.disconnect();
  }

  #followNight(): () => void {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const repaint = () => {
      this.#ground.repaint();
      this.#tasks.repaint();
    };
    dark.addEventListener("change", repaint);
    return () => dark.removeEventListener("change", repaint);
  }

  #drawGround(pen: Pen): void {
    if (layers.peek().has("grids")) drawGrids(pen, this.#outlines, this.#sprites);
  }

  #draw(pen: Pen): void {
    const has = layers.peek();
    const now = { ...chosen(), ticked: selection.peek() };
    drawWalks(pen, walksOf(points.peek().values(), starts()), now.team, has.has("routes"), this.#sprites);
    this.#drawn = has.has("tasks") ? drawTasks(pen, shown.peek(), now, moment.peek(), this.#sprites) : [];
  }

  /** Move no further than it takes to see all of these; one alone without zooming. */
  #bringIntoView(places: readonly { lat: number | null; lon: number | null }[]): void {
    const known = places.flatMap(({ lat, lon }) => (lat === null || lon === null ? [] : [L.latLng(lat, lon)]));
    const bounds = L.latLngBounds(known);
    if (!bounds.isValid() || !this.#map.getSize().x || this.#map.getBounds().contains(bounds)) return;
    if (known.length === 1) this.#map.panTo(bounds.getCenter());
    else this.#map.fitBounds(bounds, { padding: [60, 60], maxZoom: CLOSE_ZOOM });
  }

  #hits(event: L.LeafletMouseEvent): string[] {
    const { x, y } = this.#tasks.within(event.layerPoint);
    return hitsAt(this.#drawn, x, y, REACH_PX);
  }

  #click(event: L.LeafletMouseEvent): void {
    const pick = picking.peek();
    if (pick) {
      pick({ lat: event.latlng.lat, lon: event.latlng.lng });
      return;
    }
    const ids = this.#hits(event);
    const { x, y } = event.containerPoint;
    this.#chooseAmong(ids.length > 1 ? { ids, x, y } : null);
    if (ids.length === 1) go(`/task/${ids[0]}`);
  }

  /** Show a district whole when it is first seen; a map that is hidden has no size to fit it in. */
  #fitOnce(): void {
    const first = grids.peek().keys().next().value ?? "";
    if (!first || first === this.#fitted || !this.#map.getSize().x) return;
    this.#fitted = first;
    this.#fit();
  }

  /** Show all grids, else all tasks. */
  #fit(): void {
    const bounds = L.latLngBounds(this.#outlines.flatMap(({ corners }) => corners));
    if (!bounds.isValid())
      for (const { lat, lon } of points.peek().values()) if (lat !== null && lon !== null) bounds.extend([lat, lon]);
    if (bounds.isValid()) this.#map.fitBounds(bounds, { padding: [12, 12], animate: false });
  }
}

function chosen(): { open: string | null; team: string | null } {
  const now = place.value;
  return { open: now.at === "task" ? now.id : null, team: now.at === "team" ? now.id : null };
}

/** Where a team is and where its tasks are. */
function placesOf(team: string): { lat: number | null; lon: number | null }[] {
  const glance = overview.peek()?.teams.find(({ team_id }) => team_id === team);
  const at = glance && placeOf(glance);
  const held = [...points.peek().values()].filter(({ team_id }) => team_id === team);
  return at ? [at, ...held] : held;
}

function starts(): ReadonlyMap<string, Spot> {
  const all = overview.peek()?.teams ?? [];
  return new Map(
    all.flatMap((team) => {
      const at = placeOf(team);
      return at ? [[team.team_id, spotOf(at.lat, at.lon)] as const] : [];
    }),
  );
}
