import { t } from "../../texts/language.ts";
import { CALL_OF, YOUR_CALL } from "../../texts/phone-views.ts";
import type { Task } from "../route-overlay.ts";
import { roleName } from "./naming.ts";

/** Of a call who on the team makes it; any other may make it all the same. */
export function WhoCalls({ task: { caller } }: { task: Task }) {
  // A route that was kept before this release says nothing of it.
  if (!caller) return null;
  if (caller.is_me) return <span class="badge badge--info">{t(YOUR_CALL)}</span>;
  return <span class="badge">{t(CALL_OF, { name: caller.name, role: roleName(caller.role) })}</span>;
}
