import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, FIRST_CHOICES, isMadeWith, notification, PATTERN, told, whatOf } from "./wake-up.ts";

const KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

test("a locked phone sounds and shakes, and says it in its language", () => {
  const zh = notification(FIRST_CHOICES, false, 1000);
  assert.equal(zh.title, "有新的紧急任务");
  assert.equal(zh.options.lang, "zh-CN");
  assert.equal(zh.options.silent, false);
  assert.deepEqual(zh.options.vibrate, PATTERN);
  assert.equal(notification({ ...FIRST_CHOICES, language: "en" }, false, 1000).title, "New urgent task");
});

test("an alarm says that it is one, and leaves a new task's notification standing", () => {
  assert.equal(whatOf({ what: "alarm" }), "alarm");
  for (const odd of [null, undefined, {}, { what: "something" }, "x"]) assert.equal(whatOf(odd), "new_urgent_task");
  const { title, options } = notification({ ...FIRST_CHOICES, language: "en" }, false, 1000, "alarm");
  assert.equal(title, "An alarm for your team");
  assert.notEqual(options.tag, notification(FIRST_CHOICES, false, 1000).options.tag);
});

test("a second one rings again in place of the first", () => {
  const { options } = notification(FIRST_CHOICES, false, 1000);
  assert.ok(options.tag);
  assert.equal(options.renotify, true);
});

test("one without sound says nothing of vibration, which browsers refuse", () => {
  const { options } = notification({ ...FIRST_CHOICES, sound: false }, false, 1000);
  assert.equal(options.silent, true);
  assert.equal("vibrate" in options, false);
});

test("one without vibration still sounds", () => {
  const { options } = notification({ ...FIRST_CHOICES, vibration: false }, false, 1000);
  assert.equal(options.silent, false);
  assert.deepEqual(options.vibrate, []);
});

test("a page that is looked at sounds itself, so the notification does not", () => {
  assert.equal(notification(FIRST_CHOICES, true, 1000).options.silent, true);
});

test("a subscription made with another key of the server is told apart", () => {
  const made = (key: ArrayBuffer | null) => ({ options: { applicationServerKey: key, userVisibleOnly: true } });
  assert.ok(isMadeWith(made(bytesOf(KEY).buffer), KEY));
  assert.ok(!isMadeWith(made(bytesOf(KEY.replace("BCV", "BCW")).buffer), KEY));
  assert.ok(!isMadeWith(made(bytesOf(KEY.slice(0, 80)).buffer), KEY));
  assert.ok(!isMadeWith(made(null), KEY));
});

test("the server is told of a subscription that has keys, and of no other", () => {
  const keys = { p256dh: KEY, auth: "BTBZMqHH6r4Tts7J_aSIgg" };
  const endpoint = "https://push.example.org/x";
  assert.deepEqual(told({ toJSON: () => ({ endpoint, keys }) }), { endpoint, ...keys });
  assert.equal(told({ toJSON: () => ({ endpoint }) }), null);
});
