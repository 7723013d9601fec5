/** The API, typed from its own OpenAPI document. The log-in is a cookie that no script sees. */

import createClient from "openapi-fetch";
import { either } from "./either.ts";
import type { components, paths } from "./schema.d.ts";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** Longest wait for an answer, in milliseconds; who asks may be less patient. A batch of tasks takes seconds, its file may take long on the line. */
const PATIENCE_MS = { reading: 15_000, writing: 120_000 };

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  querySerializer: { array: { style: "form", explode: true } },
  fetch: (request: Request) => {
    const patience = AbortSignal.timeout(request.method === "GET" ? PATIENCE_MS.reading : PATIENCE_MS.writing);
    return fetch(new Request(request, { signal: either(request.signal, patience) }));
  },
});

/** The API answered with a problem document (RFC 9457). */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "Refused";
    this.problem = problem;
  }
}

/** No answer came: no signal, or the dispatcher is away. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super("no answer", { cause });
    this.name = "NoAnswer";
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the API answered. Raises Refused, NoAnswer. */
export async function answered<T>(asked: Promise<Answer<T>>): Promise<T> {
  const answer = await asked.catch((error: unknown) => {
    throw new NoAnswer(error);
  });
  if (answer.response.ok) return answer.data as T;
  throw isProblem(answer.error) ? new Refused(answer.error) : new NoAnswer(answer.response.status);
}

export function isLoggedOut(error: unknown): boolean {
  return error instanceof Refused && error.problem.status === 401;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "status" in body && "title" in body;
}
