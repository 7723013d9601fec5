import assert from "node:assert/strict";
import { test } from "node:test";
import { NoAnswer, type Problem, Refused } from "../../api/client.ts";
import { patiently } from "./retry.ts";

const refused = (code: string, status: number) => new Refused({ code, status, title: code } as Problem);

async function tries(errors: unknown[]): Promise<{ asked: number; paused: number; said: unknown }> {
  let [asked, paused] = [0, 0];
  const ask = async () => {
    const error = errors[asked++];
    if (error) throw error;
    return "in";
  };
  const said = await patiently(ask, async () => void paused++).catch((error: unknown) => error);
  return { asked, paused, said };
}

test("a lost answer is asked for again, and so is one that is still being made", async () => {
  const passing = [new NoAnswer("lost"), refused("still_in_flight", 409), refused("unavailable", 503)];
  assert.deepEqual(await tries(passing), { asked: 4, paused: 3, said: "in" });
});

test("a refusal that stays is told at once", async () => {
  const invalid = refused("invalid", 422);
  assert.deepEqual(await tries([invalid]), { asked: 1, paused: 0, said: invalid });
});

test("after four tries the person decides", async () => {
  const lost = new NoAnswer("lost");
  assert.deepEqual(await tries([lost, lost, lost, lost, lost]), { asked: 4, paused: 3, said: lost });
});
