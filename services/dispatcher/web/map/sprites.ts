/** Signs drawn once and then stamped: drawing five thousand paths a frame is slow, copying small pictures is not. */

import { colourOf, LATE_RING, shapeOf } from "./shapes.ts";

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
    canvas.width = Math.ceil(side * (window.devicePixelRatio || 1));
    canvas.height = canvas.width;
    const ctx = canvas.getContext("2d");
    if (!ctx) return canvas;
    const scale = (canvas.width / side) * (size / BOX);
    const corner = canvas.width / 2 - (BOX / 2) * scale;
    ctx.setTransform(scale, 0, 0, scale, corner, corner);
    ctx.lineJoin = "round";
    const colours = {
      colour: this.colour(colourOf(status, overdue)),
      ground: this.colour("--map-halo"),
      edge: this.colour(ticked ? "--focus" : "--map-halo"),
    };
    if (overdue) drawRing(ctx, ticked, colours);
    drawShape(ctx, status, ticked && !overdue, colours);
    return canvas;
  }
}

interface Colours {
  readonly colour: string;
  readonly ground: string;
  readonly edge: string;
}

/** A ring, and room in it for the sign drawn smaller. */
function drawRing(ctx: CanvasRenderingContext2D, ticked: boolean, { colour, ground, edge }: Colours): void {
  ctx.beginPath();
  ctx.arc(BOX / 2, BOX / 2, LATE_RING.radius, 0, 2 * Math.PI);
  ctx.strokeStyle = edge;
  ctx.lineWidth = ticked ? 10 : 5;
  ctx.stroke();
  ctx.fillStyle = ground;
  ctx.fill();
  ctx.strokeStyle = colour;
  ctx.lineWidth = LATE_RING.width;
  ctx.stroke();
  ctx.translate(BOX / 2, BOX / 2);
  ctx.scale(LATE_RING.inner, LATE_RING.inner);
  ctx.translate(-BOX / 2, -BOX / 2);
}

function drawShape(
  ctx: CanvasRenderingContext2D,
  status: string,
  ticked: boolean,
  { colour, ground, edge }: Colours,
): void {
  const shape = shapeOf(status);
  const path = new Path2D(shape.path);
  ctx.strokeStyle = edge;
  ctx.lineWidth = ticked ? 11 : 5;
  ctx.stroke(path);
  ctx.fillStyle = shape.hollow ? ground : colour;
  ctx.fill(path);
  ctx.strokeStyle = colour;
  ctx.lineWidth = shape.hollow ? 4.5 : 1.5;
  ctx.stroke(path);
}
