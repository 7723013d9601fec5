import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf, draftOf, type KindOut, newDraft, readForm } from "./draft.ts";

const KIND = {
  id: "1",
  district_id: "2",
  code: "notice",
  names: { en: "Notice", zh: "告知送达", fr: "Avis" },
  channel: "visit",
  service_s: 240,
  required_roles: ["doctor"],
  required_capabilities: [],
  due_after_s: null,
  priority: 3,
  max_attempts: 3,
  retry_after_s: 7200,
  expires: false,
  suit: false,
  retry_elsewhen: true,
  follow_on: { fever: ["home_swab"], broken: ["notice"] },
  then_follow_up: {
    fever: { end: null, convert_to: "fever_watch", when: {} },
    completed: { end: "completed", convert_to: null, when: { released: true } },
  },
  raises_alarm: ["refused"],
  quick_s: 30,
  far_m: null,
  form_version: 2,
  active: true,
  created_at: null,
  form: { type: "object" },
  form_versions: [],
} as unknown as KindOut;

test("a kind that was not touched is sent as it was, other languages too", () => {
  const sent = changesOf(draftOf(KIND));
  assert.deepEqual(sent.names, KIND.names);
  assert.deepEqual(sent.follow_on, KIND.follow_on);
  assert.equal(sent.due_after_s, null);
  assert.deepEqual(sent.then_follow_up, {
    fever: { convert_to: "fever_watch", when: {} },
    completed: { end: "completed", when: { released: true } },
  });
  assert.deepEqual([sent.raises_alarm, sent.quick_s, sent.far_m, sent.retry_elsewhen], [["refused"], 30, null, true]);
  assert.ok(!("form_version" in sent) && !("id" in sent));
});

test("a trigger without follow-ons, and a name that is empty, are not sent", () => {
  const sent = changesOf({ ...newDraft(), en: "Notice", follow_on: { fever: [] } });
  assert.deepEqual([sent.names, sent.follow_on], [{ en: "Notice" }, {}]);
});

test("a text that is no JSON says where", () => {
  assert.deepEqual(readForm('{\n  "type": object\n}').wrong, { line: 2, column: 11 });
});

test("a text that ends too soon says its end", () => {
  assert.deepEqual(readForm('{"type": "object"').wrong, { line: 1, column: 18 });
});

test("a list is JSON and no form", () => {
  assert.equal(readForm("[]").wrong, "no_object");
});

test("a form is read", () => {
  assert.deepEqual(readForm('{"type": "object"}'), { schema: { type: "object" } });
});
