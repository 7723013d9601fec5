/** Signs drawn once and then stamped: drawing five thousand paths a frame is slow, copying small pictures is not. */

import { colourOf, LATE_RING, shapeOf } from "./shapes.ts";

export interface Sign {
  readonly status: string;
  readonly overdue: boolean;
  readonly ticked: boolean;
}

/** By status, then by what is overdue and ticked. */
type Pictures = Record<string, ImageBitmap[]>;

const BOX = 24;
const ROOM = 1.7;

export class Sprites {
  readonly #element: Element;
  readonly #made = new Map<string, Pictures>();
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

  /**
   * What draws signs of one height with their middle at a place, on whole pixels of the screen: a picture that need not be resampled is
   * copied three times as fast.
   */
  stamps(ctx: CanvasRenderingContext2D, size: number): (sign: Sign, x: number, y: number) => void {
    const dpr = window.devicePixelRatio || 1;
    const pictures = this.#picturesOf(`${size} ${dpr}`);
    const corner = (size * ROOM) / 2;
    return (sign, x, y) => {
      pictures[sign.status] ??= [];
      const variants = pictures[sign.status] as ImageBitmap[];
      const variant = (sign.overdue ? 2 : 0) + (sign.ticked ? 1 : 0);
      const picture = variants[variant] ?? this.#drawn(sign, size);
      variants[variant] = picture;
      const [left, top] = [Math.round((x - corner) * dpr) / dpr, Math.round((y - corner) * dpr) / dpr];
      ctx.drawImage(picture, left, top, picture.width / dpr, picture.height / dpr);
    };
  }

  #picturesOf(size: string): Pictures {
    const known = this.#made.get(size) ?? {};
    this.#made.set(size, known);
    return known;
  }

  #drawn({ status, overdue, ticked }: Sign, size: number): ImageBitmap {
    const side = size * ROOM;
    const pixels = Math.ceil(side * (window.devicePixelRatio || 1));
    const canvas = new OffscreenCanvas(pixels, pixels);
    const ctx = canvas.getContext("2d");
    if (!ctx) return canvas.transferToImageBitmap();
    const scale = (pixels / side) * (size / BOX);
    const corner = pixels / 2 - (BOX / 2) * scale;
    ctx.setTransform(scale, 0, 0, scale, corner, corner);
    ctx.lineJoin = "round";
    const colours = {
      colour: this.colour(colourOf(status, overdue)),
      ground: this.colour("--map-halo"),
      edge: this.colour(ticked ? "--focus" : "--map-halo"),
    };
    if (overdue) drawRing(ctx, ticked, colours);
    drawShape(ctx, status, ticked && !overdue, colours);
    return canvas.transferToImageBitmap();
  }
}

interface Colours {
  readonly colour: string;
  readonly ground: string;
  readonly edge: string;
}

/** A ring, and room in it for the sign drawn smaller. */
function drawRing(ctx: OffscreenCanvasRenderingContext2D, ticked: boolean, { colour, ground, edge }: Colours): void {
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
  ctx: OffscreenCanvasRenderingContext2D,
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
