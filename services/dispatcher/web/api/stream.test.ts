import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { follow } from "./stream.ts";

test("a stream that breaks before anything was heard goes on from where it began", async () => {
  await breaksAfter(["retry: 1000\r\nid: 12-34\r\n\r\n"]);
});

test("where it began may come in two parts", async () => {
  await breaksAfter(["retry: 1000\r\nid: 12-", "34\r\n\r\n"]);
});

async function breaksAfter(parts: readonly string[]): Promise<void> {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers["last-event-id"] as string | undefined);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    if (asked.length === 1) {
      for (const [place, part] of parts.entries()) setTimeout(() => response.write(part), 50 * place);
      setTimeout(() => response.destroy(), 50 * parts.length);
    } else response.write('id: 12-35\r\nevent: task.changed\r\ndata: {"id":"12-35"}\r\n\r\n');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const path = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`;
  const heard = await new Promise<unknown>((resolve) => {
    const end = follow({
      path,
      heard: (_name, data) => {
        end();
        resolve(data);
      },
    });
  });
  server.closeAllConnections();
  server.close();
  assert.deepEqual(heard, { id: "12-35" });
  assert.deepEqual(asked, [undefined, "12-34"]);
}
