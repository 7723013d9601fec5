import assert from "node:assert/strict";
import { test } from "node:test";
import { language } from "../../texts/language.ts";
import { linesOf } from "./results.ts";

const form = {
  type: "object",
  properties: {
    temperature_c: { title: "Temperature (°C)", "x-title-zh": "体温（℃）", type: "number" },
    at_home: { title: "At home", "x-title-zh": "在家", type: "boolean" },
    symptoms: {
      title: "Symptoms",
      "x-title-zh": "症状",
      type: "array",
      items: {
        enum: ["cough", "tired"],
        "x-labels": { cough: "Cough", tired: "Tired" },
        "x-labels-zh": { cough: "咳嗽", tired: "乏力" },
      },
    },
  },
};

test("a result is told by the form's titles, in the form's order", () => {
  const result = { symptoms: ["cough", "tired"], at_home: true, temperature_c: 37.5 };
  assert.deepEqual(linesOf(result, form), [
    { label: "Temperature (°C)", value: "37.5" },
    { label: "At home", value: "yes" },
    { label: "Symptoms", value: "Cough, Tired" },
  ]);
});

test("in Chinese by the Chinese titles", () => {
  language.value = "zh";
  try {
    assert.deepEqual(linesOf({ symptoms: ["tired"], at_home: false }, form), [
      { label: "在家", value: "否" },
      { label: "症状", value: "乏力" },
    ]);
  } finally {
    language.value = "en";
  }
});

test("what the form does not name is shown all the same, hostile names as text", () => {
  assert.deepEqual(linesOf({ odd_thing: { a: 1 }, "<img onerror=x>": "<b>" }, null), [
    { label: "odd thing", value: '{"a":1}' },
    { label: "<img onerror=x>", value: "<b>" },
  ]);
});
