import type { District } from "../../model.ts";
import { Legs } from "./Legs.tsx";
import { Points } from "./Points.tsx";

/** What is on its way to the lab today, and where it is picked up. */
export function Specimens({ district }: { district: District }) {
  return (
    <>
      <Legs district={district} />
      <Points district={district} />
    </>
  );
}
