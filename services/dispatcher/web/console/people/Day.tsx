import { day } from "../../ui/time.ts";

/** A day of the district's calendar; nothing where none is known. */
export function Day({ day: on }: { day: string | null | undefined }) {
  if (!on) return <span class="setup__quiet">–</span>;
  // A day has no zone: it is drawn as the day that it is in UTC.
  return <time dateTime={on}>{day(`${on}T00:00:00Z`, "UTC")}</time>;
}
