/** Signs drawn once and then stamped: drawing five thousand paths a frame is slow, copying small pictures is not. */

import { colourOf, shapeOf } from "./shapes.ts";

export interface Look {
  readonly status: string;
  readonly overdue: boolean;
  readonly ticked: boolean;
  /** Height in pixels. */
  readonly size: number;
}

const BOX = 24;
const ROOM = 1.7;

export class Sprites {
  readonly #element: Element;
  readonly #made = new Map<string, HTMLCanvasElement>();
  readonly #forget = () => this.#made.clear();
  readonly #dark = window.matchMedia("(prefers-color-scheme: dark)");

  /** Colours are those of `element`'s custom properties. */
  constructor(element: Element) {
    this.#element = element;
    this.#dark.addEventListener("change", this.#forget);
  }

  stop(): void {
    this.#dark.removeEventListener("change", this.#forget);
  }

  /** A custom property's colour, by day or by night. */
  colour(property: string): string {
    return getComputedStyle(this.#element).getPropertyValue(property).trim();
  }

  /** Draw the sign with its middle at a place. */
  stamp(ctx: CanvasRenderingContext2D, look: Look, x: number, y: number): void {
    const side = look.size * ROOM;
    ctx.drawImage(this.#sprite(look), x - side / 2, y - side / 2, side, side);
  }

  #sprite(look: Look): HTMLCanvasElement {
    const key = `${look.status} ${look.overdue} ${look.ticked} ${look.size} ${window.devicePixelRatio}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#drawn(look);
    this.#made.set(key, made);
    return made;
  }

  #drawn({ status, overdue, ticked, size }: Look): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    const side = size * ROOM;
    const dpr = window.devicePixelRatio || 1;
    canvas.width = Math.ceil(side * dpr);
    canvas.height = Math.ceil(side * dpr);
    const ctx = canvas.getContext("2d");
    if (!ctx) return canvas;
    const scale = (canvas.width / side) * (size / BOX);
    ctx.setTransform(scale, 0, 0, scale, canvas.width / 2 - (BOX / 2) * scale, canvas.height / 2 - (BOX / 2) * scale);
    const shape = shapeOf(status);
    const path = new Path2D(shape.path);
    const [colour, ground] = [this.colour(colourOf(status, overdue)), this.colour("--map-halo")];
    ctx.lineJoin = "round";
    const edge = ticked ? 11 : 5;
    ctx.lineWidth = edge;
    ctx.strokeStyle = ticked ? this.colour("--focus") : ground;
    ctx.stroke(path);
    ctx.fillStyle = shape.hollow ? ground : colour;
    ctx.fill(path);
    ctx.lineWidth = shape.hollow ? 4.5 : 1.5;
    ctx.strokeStyle = colour;
    ctx.stroke(path);
    return canvas;
  }
}
