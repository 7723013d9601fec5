/** For tests: a dispatcher in memory behind `fetch`, with a phone's one cookie, a network that loses things, and a count of what it took. */

import type { Envelope } from "./delivery.ts";
import type { Answer, Problem, ReportBody } from "./reports.ts";

export type Network = "up" | "down" | "loses_answers";

interface Session {
  member: string;
  ended: boolean;
}

export class MemoryServer {
  network: Network = "up";
  /** The phone's cookie jar: whose session its requests carry. */
  cookie: Session | null = null;
  /** Every report that counted, in the order of receipt, with the member in whose name it was told. */
  readonly counted: { id: string; member: string }[] = [];
  readonly answers = new Map<string, Answer>();
  /** Asked before anything else: a problem for the whole request. */
  refuses: (envelope: Envelope) => Problem | null = () => null;
  /** What becomes of one report. */
  judges: (body: ReportBody) => Partial<Answer> = () => ({});
  largestInFlight = 0;
  private inFlight = 0;

  /** Put this server behind the page's `fetch`. */
  serve(): void {
    Object.assign(globalThis, { location: { origin: ORIGIN } });
    globalThis.fetch = async (asked: string | URL | Request, init?: RequestInit) => {
      const request = asked instanceof Request ? asked : new Request(new URL(asked, ORIGIN), init);
      return this.answer(request.method, new URL(request.url).pathname, await request.text());
    };
  }

  /** The session counts no more: it ran out, or a coordinator ended it. */
  end(member: string): void {
    if (this.cookie?.member === member) this.cookie.ended = true;
  }

  private async answer(method: string, path: string, body: string): Promise<Response> {
    if (this.network === "down") throw new TypeError("no signal");
    this.inFlight += path === "/v1/me/reports" ? 1 : 0;
    this.largestInFlight = Math.max(this.largestInFlight, this.inFlight);
    await new Promise((resolve) => setTimeout(resolve, ON_THE_WAY_MS));
    try {
      const [status, content] = this.route(method, path, body);
      if ((this.network as Network) === "loses_answers") throw new TypeError("the answer was lost");
      return new Response(status === 204 ? null : JSON.stringify(content), { status, headers: headersOf(content) });
    } finally {
      this.inFlight -= path === "/v1/me/reports" ? 1 : 0;
    }
  }

  private route(method: string, path: string, body: string): [number, unknown] {
    if (method === "POST" && path === "/v1/sessions") return this.logIn(JSON.parse(body));
    const member = this.cookie && !this.cookie.ended ? this.cookie.member : null;
    if (member === null) return refused(problem(401, "not_logged_in"));
    if (path === "/v1/me") return [200, meOf(member)];
    if (path === "/v1/me/reports") return this.take(member, JSON.parse(body));
    if (method === "DELETE" && path === "/v1/sessions/current") {
      this.cookie = null;
      return [204, null];
    }
    return refused(problem(404, "no_such_route"));
  }

  /** A browser keeps the cookie as soon as the answer's head is there, even where its body is lost. */
  private logIn({ phone, pin }: { phone: string; pin: string }): [number, unknown] {
    if (pin !== PIN) return refused(problem(401, "wrong_credentials"));
    this.cookie = { member: phone, ended: false };
    return [201, { token: null, who: { ...meOf(phone), kind: "member" } }];
  }

  private take(member: string, envelope: Envelope): [number, unknown] {
    if (envelope.member_id !== member) return refused(problem(403, "not_allowed"));
    const refusal = this.refuses(envelope);
    if (refusal) return refused(refusal);
    return [200, { items: envelope.reports.map((report) => this.takeOne(member, report)) }];
  }

  private takeOne(member: string, report: ReportBody): Answer {
    const known = this.answers.get(report.id);
    if (known) return known;
    const answer: Answer = { id: report.id, status: "done", problem: null, outcome: null, ...this.judges(report) };
    if (answer.problem && answer.problem.status >= 500) return answer;
    this.answers.set(report.id, answer);
    this.counted.push({ id: report.id, member });
    return answer;
  }
}

export const PIN = "246810";
/** Long enough for another tab to send at the same time, if nothing kept it from that. */
const ON_THE_WAY_MS = 4;
const ORIGIN = "http://phone.test";

export function problem(status: number, code: string, errors: Problem["errors"] = []): Problem {
  return { type: `urn:doorstep:${code}`, title: code, status, code, detail: "", errors, request_id: "" };
}

function refused(said: Problem): [number, Problem] {
  return [said.status, said];
}

function headersOf(content: unknown): Record<string, string> {
  const slow = (content as Problem | null)?.status === 429 ? { "Retry-After": "7" } : {};
  return { "Content-Type": "application/json", ...slow };
}

function meOf(id: string) {
  const member = { role: "doctor", duty: "on", language: "zh", capabilities: [], time_zone: "UTC" };
  return { id, name: id, permission: "member", districts: [], member: { ...member, team: null, shift: null } };
}
