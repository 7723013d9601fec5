/** Server-sent events over fetch: unlike EventSource it hears every event by any name and learns why a stream ended. */

import { createParser, type EventSourceMessage } from "eventsource-parser";
import { either } from "./either.ts";

export type StreamState = "open" | "waiting" | "logged_out";

export interface StreamOptions {
  /** Path of the stream, such as `/v1/events`. */
  path: string;
  heard: (name: string, data: unknown) => void;
  state?: (state: StreamState) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** The dispatcher says at least every 15 s that it lives; a stream silent for longer is dead. */
const SILENT_MS = 40_000;
/** Where the stream begins, said before the first event: the parser tells of events only. */
const BEGINS = /^id: ?(\S+)\r?\n/m;

/** Follows a stream for ever, going on behind the last event heard. Returns what ends it. A refused log-in ends it by itself. */
export function follow(options: StreamOptions): () => void {
  const ended = new AbortController();
  void run(options, ended.signal);
  return () => ended.abort();
}

async function run(options: StreamOptions, ended: AbortSignal): Promise<void> {
  let last: string | undefined;
  let pause = FIRST_PAUSE_MS;
  const remember = (message: EventSourceMessage) => {
    last = message.id || last;
    if (message.event) options.heard(message.event, JSON.parse(message.data));
  };
  while (!ended.aborted) {
    const status = await read(options, last, remember, ended, (beginsAt) => {
      pause = FIRST_PAUSE_MS;
      last ??= beginsAt;
    });
    if (ended.aborted) return;
    if (status === 401 || status === 403) return options.state?.("logged_out");
    options.state?.("waiting");
    await sleep(pause * (0.5 + Math.random() / 2), ended);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** One connection; answers its status, 0 where there was none. */
async function read(
  options: StreamOptions,
  last: string | undefined,
  remember: (message: EventSourceMessage) => void,
  ended: AbortSignal,
  opened: (beginsAt?: string) => void,
): Promise<number> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENT_MS);
  try {
    const response = await fetch(options.path, {
      headers: { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) },
      credentials: "same-origin",
      cache: "no-store",
      signal: either(ended, silent.signal),
    });
    if (!response.ok || !response.body) return response.status;
    opened();
    options.state?.("open");
    const parser = createParser({ onEvent: remember });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let beginsAt = last;
    let opening = "";
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENT_MS);
      if (!beginsAt) {
        opening += chunk.value;
        beginsAt = BEGINS.exec(opening)?.[1];
        opened(beginsAt);
      }
      parser.feed(chunk.value);
    }
    return response.status;
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
}

function sleep(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
