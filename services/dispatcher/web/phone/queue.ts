/** The member's reports: kept on the phone before anything else, sent in order, each counted once. */

import { signal } from "@preact/signals";
import type { Answer, KeptReport, NewReport } from "./reports.ts";

/** Reports that wait, oldest first; positions are left out, nobody misses one. */
export const waitingReports = signal<KeptReport[]>([]);
export const waitingCount = signal(0);
/** Refused or kept for review: shown until the member has read why. */
export const setAside = signal<KeptReport[]>([]);
/** Answers of recent reports by the report's id: "fever: a swab was ordered". */
export const answers = signal<ReadonlyMap<string, Answer>>(new Map());

/** Keep a report and send it as soon as there is a signal. Returns its id, once it is safe on the phone. */
export async function report(_item: NewReport): Promise<string> {
  return "";
}

/** The member has read why it was set aside. */
export async function dismiss(_id: string): Promise<void> {}
