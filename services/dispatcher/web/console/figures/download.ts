/** Tables that the API answers, as files. The browser keeps a large one on disk while it comes. */

import { NoAnswer, type Problem, Refused } from "../../api/client.ts";
import { expire } from "../session.ts";

const NAMED = /filename="([^"]+)"/;

/** Fetches a table and gives it to the person as a file. Raises Refused, NoAnswer. */
export async function downloadTable(path: string): Promise<void> {
  const answer = await fetch(path, { headers: { Accept: "text/csv" }, credentials: "same-origin" }).catch(noAnswer);
  if (answer.status === 401) expire();
  if (!answer.ok) throw new Refused((await answer.json().catch(noAnswer)) as Problem);
  const url = URL.createObjectURL(await answer.blob().catch(noAnswer));
  const link = document.createElement("a");
  link.href = url;
  link.download = NAMED.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "table.csv";
  link.click();
  URL.revokeObjectURL(url);
}

function noAnswer(cause: unknown): never {
  throw new NoAnswer(cause);
}
