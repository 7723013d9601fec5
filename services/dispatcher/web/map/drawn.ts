/** A layer that draws itself on one canvas, for thousands of points: one drawing a frame at most, none while nothing changes. */

import * as L from "leaflet";
import { type Pen, WORLD_PX } from "./projection.ts";

const AROUND = 0.2;

/** What Leaflet's renderers do inside; its types leave it out. */
interface Inside {
  _container: HTMLCanvasElement | undefined;
  _bounds: L.Bounds;
  _map: L.Map | undefined;
}

const leafletUpdate = (L.Renderer.prototype as unknown as { _update: () => void })._update;

export class DrawnLayer extends L.Renderer {
  readonly #draw: (pen: Pen) => void;
  #frame = 0;

  constructor(draw: (pen: Pen) => void, pane: string) {
    super({ padding: AROUND, pane });
    this.#draw = draw;
  }

  /** Draw again in the next frame. */
  repaint(): void {
    if (this.#frame || !this.#inside._container) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  /** Pixels of the canvas, as a pen counts them, of a point that Leaflet counts from the map's own corner. */
  within(layerPoint: L.Point): L.Point {
    return layerPoint.subtract(this.#inside._bounds.min as L.Point);
  }

  get #inside(): Inside {
    return this as unknown as Inside;
  }

  _initContainer(): void {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    this.#inside._container = canvas;
  }

  _destroyContainer(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#inside._container?.remove();
    this.#inside._container = undefined;
  }

  /** Leaflet calls this after every move and zoom. */
  _update(): void {
    const map = this.#inside._map as (L.Map & { _animatingZoom?: boolean }) | undefined;
    const canvas = this.#inside._container;
    if (!map || !canvas || map._animatingZoom) return;
    leafletUpdate.call(this);
    const bounds = this.#inside._bounds;
    const size = bounds.getSize();
    const dpr = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(canvas, bounds.min as L.Point);
    const [width, height] = [Math.round(size.x * dpr), Math.round(size.y * dpr)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    this.#paint();
  }

  #paint(): void {
    const { _container: canvas, _bounds: bounds, _map: map } = this.#inside;
    const ctx = canvas?.getContext("2d");
    if (!canvas || !ctx || !map || !bounds) return;
    const dpr = window.devicePixelRatio || 1;
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    const [width, height] = [canvas.width / dpr, canvas.height / dpr];
    ctx.clearRect(0, 0, width, height);
    const world = WORLD_PX * 2 ** map.getZoom();
    const corner = map.getPixelOrigin().add(bounds.min as L.Point);
    this.#draw({
      ctx,
      zoom: map.getZoom(),
      x: (spot) => spot.x * world - corner.x,
      y: (spot) => spot.y * world - corner.y,
      sees: (x, y, margin) => x > -margin && y > -margin && x < width + margin && y < height + margin,
    });
  }
}
