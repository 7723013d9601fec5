/** Drawing a span in a team's row with the mouse. Touch scrolls instead; a tap is a click. */

import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

interface Ghost {
  team: string;
  /** Columns from the left edge of the week. */
  from: number;
  until: number;
}

interface Start {
  row: HTMLElement;
  at: number;
  x: number;
}

const LEAST_PX = 6;
const DAYS = 7;

export interface Drag {
  ghost: ReadonlySignal<Ghost | null>;
  handlers: { onPointerDown: (event: PointerEvent) => void };
  /** Whether the click that comes now is the end of a drag. */
  wasDragged: () => boolean;
  /** Where a click was, in columns; undefined for one that a key made. */
  columnOf: (event: MouseEvent) => number | undefined;
}

export function useDrag(drawn: (team: string, from: number, until: number) => void): Drag {
  const start = useRef<Start | null>(null);
  const dragged = useRef(false);
  const ghost = useSignal<Ghost | null>(null);
  const latest = useRef(drawn);
  latest.current = drawn;

  useEffect(() => {
    const move = (event: PointerEvent) => {
      const begun = start.current;
      if (!begun || (!dragged.current && Math.abs(event.clientX - begun.x) < LEAST_PX)) return;
      dragged.current = true;
      const at = columnIn(begun.row, event.clientX);
      ghost.value = { team: begun.row.dataset.team ?? "", from: Math.min(at, begun.at), until: Math.max(at, begun.at) };
    };
    const end = (event: PointerEvent) => {
      const begun = start.current;
      start.current = null;
      ghost.value = null;
      if (!begun || !dragged.current) return;
      const at = columnIn(begun.row, event.clientX);
      latest.current(begun.row.dataset.team ?? "", Math.min(at, begun.at), Math.max(at, begun.at));
    };
    const drop = () => {
      start.current = null;
      ghost.value = null;
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", drop);
    return () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", drop);
    };
  }, []);

  const onPointerDown = (event: PointerEvent) => {
    dragged.current = false;
    const target = event.target as HTMLElement;
    if (event.button !== 0 || event.pointerType === "touch" || !target.classList.contains("week__add")) return;
    const row = event.currentTarget as HTMLElement;
    start.current = { row, at: columnIn(row, event.clientX), x: event.clientX };
  };
  return {
    ghost,
    handlers: { onPointerDown },
    wasDragged: () => dragged.current,
    columnOf: (event) => {
      const row = (event.target as HTMLElement).closest("tr");
      return row && event.detail > 0 ? columnIn(row, event.clientX) : undefined;
    },
  };
}

/** A place on the screen as columns from the left edge of the row's first day. */
function columnIn(row: HTMLElement, x: number): number {
  const cells = row.querySelectorAll("td");
  const left = cells[0]?.getBoundingClientRect().left ?? 0;
  const right = cells[DAYS - 1]?.getBoundingClientRect().right ?? left + 1;
  return Math.min(DAYS, Math.max(0, ((x - left) / (right - left)) * DAYS));
}
