/** Places on the projected world, and the pen that draws there. */

/** Where to draw. Pixels count from the canvas' corner, which lies some way outside the map. */
export interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly zoom: number;
  /** Pixels of a place on the world that `spot` answers. */
  readonly x: (spot: Spot) => number;
  readonly y: (spot: Spot) => number;
  readonly sees: (x: number, y: number, margin: number) => boolean;
}

/** A place on the projected world, each axis from 0 to 1. Costs a logarithm: keep it with what is drawn. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Width of the world at zoom 0. */
export const WORLD_PX = 256;

/** Web Mercator, as maps and tiles have it. */
export function spotOf(lat: number, lon: number): Spot {
  const sin = Math.sin((lat * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI) };
}
