import assert from "node:assert/strict";
import { test } from "node:test";
import { atMostEvery, Backlog } from "./backlog.ts";

test("what changed is asked about before what only moved, each once", () => {
  const backlog = new Backlog();
  backlog.move(["a", "b"]);
  backlog.change("c");
  backlog.change("b");
  backlog.change("c");
  assert.deepEqual(backlog.take(2), ["c", "b"]);
  assert.deepEqual(backlog.take(2), ["a"]);
  assert.ok(backlog.isEmpty);
});

test("a question holds no more ids than asked for, and the rest waits", () => {
  const backlog = new Backlog();
  for (let n = 0; n < 500; n += 1) backlog.change(`t${n}`);
  assert.equal(backlog.take(200).length, 200);
  assert.equal(backlog.changed, 300);
});

test("fifty events a second become two questions a second", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let time = 0;
  context.mock.method(performance, "now", () => time);
  let runs = 0;
  const ask = atMostEvery(500, async () => {
    runs += 1;
  });
  for (; time < 2000; time += 20) {
    ask();
    context.mock.timers.tick(20);
    await Promise.resolve();
  }
  assert.ok(runs >= 4 && runs <= 5, `${runs} runs`);
});

test("work that failed is tried again without being asked", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let time = 0;
  context.mock.method(performance, "now", () => time);
  let runs = 0;
  const ask = atMostEvery(100, async () => {
    runs += 1;
    if (runs === 1) throw new Error("no answer");
  });
  ask();
  for (; time < 4000; time += 50) {
    context.mock.timers.tick(50);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
  assert.equal(runs, 2);
});
