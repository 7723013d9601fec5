/** Draws grids, routes and tasks of a district on the map's canvas. */

import { type Pen, type Spot, spotOf, WORLD_PX } from "../../map/projection.ts";
import type { Sprites } from "../../map/sprites.ts";
import type { Grid, TaskPoint } from "../model.ts";
import { isOverdue, type Moment } from "./filter.ts";

type Ring = readonly (readonly [lon: number, lat: number])[];

/** A grid's outline on the projected world, where its name stands, and its corners as latitude and longitude. */
export interface Outline {
  readonly name: string;
  readonly rings: readonly (readonly Spot[])[];
  readonly middle: Spot;
  /** Share of the world that it is wide: a name that does not fit is left out. */
  readonly wide: number;
  readonly corners: readonly [lat: number, lon: number][];
}

export function outlineOf(grid: Grid): Outline {
  const { type, coordinates } = grid.geometry as unknown as { type: string; coordinates: unknown };
  const polygons = (type === "Polygon" ? [coordinates] : coordinates) as readonly (readonly Ring[])[];
  const rings = polygons.flat().map((ring) => ring.map(([lon, lat]) => spotOf(lat, lon)));
  const lons = polygons.flat(2).map(([lon]) => lon);
  const lats = polygons.flat(2).map(([, lat]) => lat);
  const corners: [number, number][] = [
    [Math.min(...lats), Math.min(...lons)],
    [Math.max(...lats), Math.max(...lons)],
  ];
  const [low, high] = corners.map(([lat, lon]) => spotOf(lat, lon)) as [Spot, Spot];
  const middle = { x: (low.x + high.x) / 2, y: (low.y + high.y) / 2 };
  return { name: grid.name || grid.code, rings, middle, wide: high.x - low.x, corners };
}

const NAME_PX = 12;
const LEAST_WIDE_PX = 70;

export function drawGrids(pen: Pen, outlines: readonly Outline[], sprites: Sprites): void {
  const { ctx } = pen;
  ctx.fillStyle = sprites.colour("--map-grid-fill");
  ctx.strokeStyle = sprites.colour("--map-grid");
  ctx.lineWidth = 1;
  for (const { rings } of outlines) {
    ctx.beginPath();
    for (const ring of rings) {
      ring.forEach((spot, n) => {
        if (n) ctx.lineTo(pen.x(spot), pen.y(spot));
        else ctx.moveTo(pen.x(spot), pen.y(spot));
      });
      ctx.closePath();
    }
    ctx.fill("evenodd");
    ctx.stroke();
  }
  drawNames(pen, outlines, sprites);
}

function drawNames(pen: Pen, outlines: readonly Outline[], sprites: Sprites): void {
  const { ctx, zoom } = pen;
  ctx.font = `600 ${NAME_PX}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = sprites.colour("--text-2");
  for (const { name, middle, wide } of outlines) {
    const room = wide * WORLD_PX * 2 ** zoom;
    if (room >= LEAST_WIDE_PX && ctx.measureText(name).width < room * 0.95)
      ctx.fillText(name, pen.x(middle), pen.y(middle));
  }
}

/** A team's walk: where it is, then its doors in order. */
export interface Walk {
  readonly teamId: string;
  readonly spots: readonly Spot[];
}

export function walksOf(points: Iterable<TaskPoint>, starts: ReadonlyMap<string, Spot>): Walk[] {
  const byTeam = new Map<string, Map<number, TaskPoint>>();
  for (const point of points) {
    if (!point.team_id || point.stop === null || point.lat === null) continue;
    const doors = byTeam.get(point.team_id) ?? new Map<number, TaskPoint>();
    doors.set(point.stop, point);
    byTeam.set(point.team_id, doors);
  }
  return [...byTeam].map(([teamId, doors]) => {
    const start = starts.get(teamId);
    const ordered = [...doors].sort(([a], [b]) => a - b).map(([, point]) => spotOfTask(point) as Spot);
    return { teamId, spots: start ? [start, ...ordered] : ordered };
  });
}

const MANY_WALKS = 20;

export function drawWalks(
  pen: Pen,
  walks: readonly Walk[],
  chosen: string | null,
  all: boolean,
  sprites: Sprites,
): void {
  const { ctx } = pen;
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  const line = (spots: readonly Spot[]) => {
    ctx.beginPath();
    spots.forEach((spot, n) => {
      if (n) ctx.lineTo(pen.x(spot), pen.y(spot));
      else ctx.moveTo(pen.x(spot), pen.y(spot));
    });
    ctx.stroke();
  };
  ctx.strokeStyle = sprites.colour("--map-route");
  ctx.lineWidth = 1;
  ctx.globalAlpha = chosen || walks.length > MANY_WALKS ? 0.25 : 0.55;
  if (all) for (const { teamId, spots } of walks) if (teamId !== chosen) line(spots);
  ctx.globalAlpha = 1;
  const strong = walks.find(({ teamId }) => teamId === chosen);
  if (!strong) return;
  ctx.strokeStyle = sprites.colour("--map-halo");
  ctx.lineWidth = 7;
  line(strong.spots);
  ctx.strokeStyle = sprites.colour("--map-held");
  ctx.lineWidth = 3.5;
  line(strong.spots);
}

const spots = new WeakMap<TaskPoint, Spot>();

/** Where a task is; undefined: nobody knows. */
export function spotOfTask(point: TaskPoint): Spot | undefined {
  if (point.lat === null || point.lon === null) return undefined;
  const known = spots.get(point);
  if (known) return known;
  const made = spotOf(point.lat, point.lon);
  spots.set(point, made);
  return made;
}

/** A task as it was drawn: what a click may mean. */
export interface Drawn {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export interface Chosen {
  readonly open: string | null;
  readonly team: string | null;
  readonly ticked: ReadonlySet<string>;
}

/** Draws the tasks, what is urgent on top, and answers where each came to stand. */
export function drawTasks(
  pen: Pen,
  tasks: readonly TaskPoint[],
  chosen: Chosen,
  moment: Moment,
  sprites: Sprites,
): Drawn[] {
  const size = sizeAt(pen.zoom);
  const stamp = sprites.stamps(pen.ctx, size);
  const drawn: Drawn[] = [];
  // Soonest due comes first in the list: drawn last, it lies on top.
  for (let n = tasks.length - 1; n >= 0; n -= 1) {
    const task = tasks[n] as TaskPoint;
    const spot = spotOfTask(task);
    if (!spot) continue;
    const [x, y] = [pen.x(spot), pen.y(spot)];
    if (!pen.sees(x, y, size)) continue;
    const ticked = chosen.ticked.has(task.id);
    pen.ctx.globalAlpha = chosen.team && task.team_id !== chosen.team ? 0.35 : 1;
    stamp({ status: task.status, overdue: isOverdue(task, moment), ticked }, x, y);
    drawn.push({ id: task.id, x, y });
    if (task.id === chosen.open) ring(pen, x, y, size, sprites);
    if (chosen.team && task.team_id === chosen.team && task.stop !== null) number(pen, x, y, size, task.stop, sprites);
  }
  pen.ctx.globalAlpha = 1;
  return drawn;
}

function ring({ ctx }: Pen, x: number, y: number, size: number, sprites: Sprites): void {
  ctx.globalAlpha = 1;
  ctx.beginPath();
  ctx.arc(x, y, size, 0, 2 * Math.PI);
  ctx.lineWidth = 3;
  ctx.strokeStyle = sprites.colour("--focus");
  ctx.stroke();
}

function number({ ctx, zoom }: Pen, x: number, y: number, size: number, stop: number, sprites: Sprites): void {
  if (zoom < 14) return;
  ctx.font = "700 11px system-ui, sans-serif";
  ctx.textAlign = "start";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3;
  ctx.strokeStyle = sprites.colour("--map-halo");
  ctx.fillStyle = sprites.colour("--text");
  ctx.strokeText(String(stop), x + size * 0.7, y - size * 0.6);
  ctx.fillText(String(stop), x + size * 0.7, y - size * 0.6);
}

function sizeAt(zoom: number): number {
  return Math.max(7, Math.min(16, Math.round((zoom - 11) * 3)));
}

/** The tasks nearest to a click, those of one door together; none beyond reach. `drawn` lies in the order of drawing. */
export function hitsAt(drawn: readonly Drawn[], x: number, y: number, reach: number): string[] {
  let best = reach * reach;
  let nearest: Drawn | undefined;
  for (let n = drawn.length - 1; n >= 0; n -= 1) {
    const one = drawn[n] as Drawn;
    const far = (one.x - x) ** 2 + (one.y - y) ** 2;
    if (far < best) [best, nearest] = [far, one];
  }
  if (!nearest) return [];
  const door = nearest;
  const same = drawn.filter((one) => Math.abs(one.x - door.x) < 1.5 && Math.abs(one.y - door.y) < 1.5);
  return same.reverse().map(({ id }) => id);
}
