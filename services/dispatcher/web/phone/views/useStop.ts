import { useRef } from "preact/hooks";
import { route } from "../route.ts";
import type { Stop } from "../route-overlay.ts";

/** A stop by its key, with every task that it had since it was opened: what is recorded here leaves the route, not the screen. */
export function useStop(key: string): Stop | undefined {
  const kept = useRef<Stop | undefined>(undefined);
  const found = route.value?.stops.find((stop) => stop.key === key);
  if (found) {
    const now = new Set(found.tasks.map((task) => task.id));
    const before = kept.current?.key === key ? kept.current.tasks.filter((task) => !now.has(task.id)) : [];
    kept.current = { ...found, tasks: [...before, ...found.tasks] };
  }
  return kept.current?.key === key ? kept.current : undefined;
}
