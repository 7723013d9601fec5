/** Sends the reports of whoever is logged in: for the page, and for the service worker while no page is open. */

import { learnFrom } from "./clock.ts";
import { changeCurrent, database, readCurrent } from "./database.ts";
import { alone, type Delivered, deliver, type Envelope, type Sent } from "./delivery.ts";
import { deviceTime } from "./reports.ts";

const PATIENCE_MS = 20_000;
const PATIENCE_EACH_MS = 300;

/** Deliver what waits. Where nobody is logged in there is nothing to do. */
export function sendWaiting(post: typeof postReports = postReports): Promise<Delivered> {
  return alone("reports", async () => {
    const db = await database();
    const { member_id: memberId, epoch, changing } = await readCurrent(db);
    if (changing) return { kind: "again", afterS: null };
    if (memberId === null) return { kind: "done" };
    const stillThere = async () => (await readCurrent(db)).epoch === epoch;
    return deliver({ db, memberId, post, stillThere, now: deviceTime });
  });
}

export async function postReports(envelope: Envelope): Promise<Sent> {
  const asked = Date.now();
  const response = await fetch("/v1/me/reports", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    credentials: "same-origin",
    cache: "no-store",
    body: JSON.stringify(envelope),
    signal: AbortSignal.timeout(PATIENCE_MS + PATIENCE_EACH_MS * envelope.reports.length),
  });
  learnFrom(response.headers.get("Date"), asked, Date.now());
  const after = Number(response.headers.get("Retry-After"));
  return {
    status: response.status,
    body: await response.json().catch(() => null),
    retryAfterS: after > 0 ? after : null,
  };
}

/** End the session of a member who logged out without a signal, unless somebody else's came in its place. Returns whether nothing is owed. */
export async function payOwedLogOut(): Promise<boolean> {
  const db = await database();
  const { owed } = await readCurrent(db);
  if (owed === null) return true;
  const patience = { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) } as const;
  try {
    const who = await fetch("/v1/me", patience);
    if (who.status !== 200 && who.status !== 401) return false;
    const body = who.status === 200 ? ((await who.json()) as { id?: string }) : {};
    if (body.id === owed) {
      const gone = await fetch("/v1/sessions/current", { method: "DELETE", ...patience });
      if (gone.status !== 204 && gone.status !== 401) return false;
    }
  } catch {
    return false;
  }
  await changeCurrent(db, (was) => (was.owed === owed ? { owed: null } : {}));
  return true;
}
