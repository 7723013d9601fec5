/** Moments and what the clocks of a time zone show, as a `datetime-local` input writes it: `2026-03-29T08:30`. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string): Intl.DateTimeFormat {
  let made = formats.get(timeZone);
  if (!made) {
    made = new Intl.DateTimeFormat("en-CA-u-ca-gregory-nu-latn", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    formats.set(timeZone, made);
  }
  return made;
}

/** What the clocks there show, as `2026-03-29T08:30`. */
export function wallClock(at: number | string | Date, timeZone: string): string {
  const parts = Object.fromEntries(
    format(timeZone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * The moment at which the clocks there show `2026-03-29T08:30`, in milliseconds since 1970. Where they show it twice, the first time; where
 * they leave it out, as much later as they are put forward.
 */
export function momentOf(local: string, timeZone: string): number {
  const asUtc = Date.parse(`${local}:00Z`);
  const offsets = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => offsetAt(near, timeZone));
  const candidates = offsets.map((offset) => asUtc - offset);
  const shown = candidates.filter((moment) => wallClock(moment, timeZone) === local);
  return shown.length > 0 ? Math.min(...shown) : Math.max(...candidates);
}

function offsetAt(at: number, timeZone: string): number {
  const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  return Date.parse(`${wallClock(minute, timeZone)}:00Z`) - minute;
}
