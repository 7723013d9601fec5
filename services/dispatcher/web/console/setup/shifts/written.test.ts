import assert from "node:assert/strict";
import { test } from "node:test";
import { proposedBreak, read, type Written, written } from "./written.ts";

const SHANGHAI = "Asia/Shanghai";
const NIGHT: Written = {
  team_id: "A",
  from: "2026-02-03T22:00",
  until: "2026-02-04T06:00",
  withBreak: true,
  earliest: "23:30",
  latest: "02:00",
  minutes: "30",
};

test("a break past midnight lies in the shift, not before it", () => {
  const { break: rest } = read(NIGHT, SHANGHAI);
  assert.deepEqual(rest, {
    earliest: "2026-02-03T15:30:00.000Z",
    latest: "2026-02-03T18:00:00.000Z",
    duration_s: 1800,
  });
});

test("what is written is read again as it was", () => {
  const draft = { id: "1", ...read(NIGHT, SHANGHAI) };
  assert.deepEqual(written(draft, SHANGHAI), NIGHT);
});

test("without the tick there is no break", () => {
  assert.equal(read({ ...NIGHT, withBreak: false }, SHANGHAI).break, null);
});

test("a break is proposed once it is known how long the shift lasts", () => {
  assert.deepEqual(proposedBreak({ ...NIGHT, until: "" }, SHANGHAI), { withBreak: true });
  assert.equal(proposedBreak(NIGHT, SHANGHAI).earliest, "01:00");
});
