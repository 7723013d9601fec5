import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "./ids.ts";

test("ids are UUIDs of version 7, never the same, the later one the greater", () => {
  const earlier = newId(1_770_000_000_000);
  const later = newId(1_770_000_000_001);
  assert.match(earlier, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(earlier < later);
  assert.notEqual(newId(), newId());
});
