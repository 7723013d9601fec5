import assert from "node:assert/strict";
import { test } from "node:test";
import { laidOut } from "./walks.ts";

function stop(ids: string[], ...begin: string[]) {
  const at = begin.map((clock) => `2026-02-03T${clock}:00Z`);
  return {
    break: ids.length === 0,
    task_ids: ids,
    travel_s: 60,
    arrive_at: at[0] ?? "",
    begin_at: at,
    leave_at: at.at(-1) ?? "",
  };
}

test("what comes after the new stop is told how much later it becomes, the break too", () => {
  const before = [stop(["a"], "09:00"), stop([], "10:00"), stop(["b"], "11:00")];
  const after = [stop(["a"], "09:00"), stop(["new"], "09:30"), stop([], "10:20"), stop(["b"], "11:20")];
  assert.deepEqual(
    laidOut(before, after, "new").map(({ is, laterS }) => [is, laterS]),
    [
      ["known", 0],
      ["new", 0],
      ["break", 1200],
      ["known", 1200],
    ],
  );
});

test("a task at a door where the team goes anyway delays only what comes after it there", () => {
  const after = [stop(["new", "a"], "09:00", "09:05")];
  assert.deepEqual(laidOut([stop(["a"], "09:00")], after, "new"), [
    { is: "new", taskIds: ["new", "a"], beginAt: "2026-02-03T09:00:00Z", laterS: 300 },
  ]);
});
