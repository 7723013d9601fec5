import "./follow-ups.css";
import type { District } from "../../model.ts";
import { FollowUpList } from "./FollowUpList.tsx";
import { OneFollowUp } from "./OneFollowUp.tsx";

/** `/people/follow-ups`, `…/ID`. */
export function FollowUps({ district, rest: [id] }: { district: District; rest: readonly string[] }) {
  return id ? <OneFollowUp key={id} district={district} id={id} /> : <FollowUpList district={district} />;
}
