/** Arrow keys in the week: left and right in time, up and down between teams at about the same time. */

const AT = "[data-at]";

/** Moves the focus for an arrow key, Home or End; leaves other keys alone. */
export function stepTo(event: KeyboardEvent): void {
  const from = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(AT) : null;
  const row = from?.closest("tr");
  if (!from || !row) return;
  const found = reached(event.key, from, row);
  if (!found) return;
  event.preventDefault();
  found.focus();
}

function reached(key: string, from: HTMLElement, row: HTMLTableRowElement): HTMLElement | undefined {
  const here = inTime(row);
  const place = here.indexOf(from);
  switch (key) {
    case "ArrowLeft":
      return here[place - 1];
    case "ArrowRight":
      return here[place + 1];
    case "Home":
      return here[0];
    case "End":
      return here.at(-1);
    case "ArrowUp":
      return nearest(row.previousElementSibling, at(from));
    case "ArrowDown":
      return nearest(row.nextElementSibling, at(from));
    default:
      return undefined;
  }
}

function inTime(row: Element): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>(AT)].sort((a, b) => at(a) - at(b));
}

function nearest(row: Element | null, wanted: number): HTMLElement | undefined {
  if (!row) return undefined;
  return inTime(row).reduce<HTMLElement | undefined>(
    (best, one) => (best && Math.abs(at(best) - wanted) <= Math.abs(at(one) - wanted) ? best : one),
    undefined,
  );
}

function at(element: HTMLElement): number {
  return Number(element.dataset.at);
}
