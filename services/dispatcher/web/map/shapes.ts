/** The signs of tasks: a shape for each status, so that nobody needs the colour. The same paths are drawn on maps, in lists and legends. */

export type OpenStatus = "pending" | "assigned" | "accepted" | "in_progress";

/** SVG paths in a square of 24. */
export const SHAPES: Readonly<Record<OpenStatus, { readonly path: string; readonly hollow: boolean }>> = {
  pending: { path: "M12 2.5L21.5 12L12 21.5L2.5 12Z", hollow: false },
  assigned: { path: "M12 4.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15Z", hollow: true },
  accepted: { path: "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17Z", hollow: false },
  in_progress: { path: "M4.5 2.5L21.5 12L4.5 21.5Z", hollow: false },
};

export function shapeOf(status: string): (typeof SHAPES)[OpenStatus] {
  return SHAPES[status as OpenStatus] ?? SHAPES.accepted;
}

/** Around the sign of what is overdue, which then is drawn smaller: so lateness, too, needs no colour. */
export const LATE_RING = { radius: 10.5, width: 2.5, inner: 0.62 } as const;

/** The custom property that holds a sign's colour. */
export function colourOf(status: string, overdue: boolean): string {
  if (overdue) return "--map-overdue";
  return status === "pending" ? "--map-waiting" : "--map-held";
}
