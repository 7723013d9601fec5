import { useEffect, useRef } from "preact/hooks";

const FIRST_MS = 400;
const NEXT_MS = 90;

/** A button that does its work once when tapped and again and again while held. */
export function useHeld(work: () => void) {
  const latest = useRef(work);
  latest.current = work;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const repeated = useRef(false);
  const stop = () => clearTimeout(timer.current);
  const again = () => {
    repeated.current = true;
    latest.current();
    timer.current = setTimeout(again, NEXT_MS);
  };
  useEffect(() => stop, []);
  return {
    onPointerDown: () => {
      repeated.current = false;
      timer.current = setTimeout(again, FIRST_MS);
    },
    onPointerUp: stop,
    onPointerLeave: stop,
    onPointerCancel: stop,
    onContextMenu: (event: Event) => event.preventDefault(),
    onClick: () => {
      if (!repeated.current) latest.current();
      repeated.current = false;
    },
  };
}
