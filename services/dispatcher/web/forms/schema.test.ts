import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stepped } from "./number.ts";
import { fits } from "./schema.fits.ts";
import { check, type Draft, draftOf, fieldsOf, type NumberField, type Schema } from "./schema.ts";

const TEMPERATURE = {
  title: "Temperature (°C)",
  "x-title-zh": "体温（℃）",
  type: "number",
  minimum: 34,
  maximum: 43,
  multipleOf: 0.1,
  "x-usual": { minimum: 35, maximum: 42 },
};
const METHOD = {
  title: "Measured",
  "x-title-zh": "测量方式",
  enum: ["forehead", "ear"],
  "x-labels": { forehead: "Forehead", ear: "Ear" },
  "x-labels-zh": { forehead: "额温", ear: "耳温" },
};

function form(properties: Record<string, unknown>, required: readonly string[] = []): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}

function judged(schema: Schema, draft: Draft) {
  return check(fieldsOf(schema), draft);
}

test("a temperature check is drawn as a number and a choice, titled in both languages", () => {
  const [temperature, method] = fieldsOf(
    form({ temperature_c: TEMPERATURE, method: METHOD }, ["temperature_c", "method"]),
  );
  assert.deepEqual(temperature, {
    name: "temperature_c",
    shape: "number",
    label: { en: "Temperature (°C)", zh: "体温（℃）" },
    required: true,
    least: 34,
    most: 43,
    step: 0.1,
    usual: { least: 35, most: 42 },
  });
  assert.equal(method?.shape, "choice");
  assert.deepEqual(method?.shape === "choice" && method.options[1], { value: "ear", label: { en: "Ear", zh: "耳温" } });
});

test("what is typed with a thumb becomes a temperature with one decimal", () => {
  for (const typed of ["36.6", "36,6", "366", " ３６。６ ", "36.60"])
    assert.deepEqual(judged(form({ t: TEMPERATURE }), { t: typed }).result, { t: 36.6 }, typed);
});

test("impossible values are refused with the range that is possible", () => {
  const { result, wrong } = judged(form({ t: TEMPERATURE }), { t: "45" });
  assert.deepEqual([result, wrong], [{}, { t: { why: "between", low: "34.0", high: "43.0" } }]);
  assert.deepEqual(judged(form({ t: TEMPERATURE }), { t: "36.65" }).wrong, { t: { why: "step", step: "0.1" } });
  assert.deepEqual(judged(form({ t: TEMPERATURE }), { t: "3x" }).wrong, { t: { why: "no_number" } });
});

test("rare values are let out, and named to be asked for twice", () => {
  const { result, unusual } = judged(form({ t: TEMPERATURE }), { t: "42.5" });
  assert.deepEqual(result, { t: 42.5 });
  assert.deepEqual(
    unusual.map(({ field, value }) => [field.name, value]),
    [["t", 42.5]],
  );
  assert.deepEqual(judged(form({ t: TEMPERATURE }), { t: "36.5" }).unusual, []);
});

test("what is required is asked for, what is not may stay empty", () => {
  const schema = form({ t: TEMPERATURE, note: { type: "string" }, areas: { type: "array", items: METHOD } }, [
    "t",
    "areas",
  ]);
  assert.deepEqual(judged(schema, { note: "  ", areas: [] }), {
    result: {},
    wrong: { t: { why: "missing" }, areas: { why: "missing" } },
    unusual: [],
    words: "",
  });
});

test("shapes that the page does not know are asked for in words, for the note", () => {
  const schema = form({ where: { type: "object" }, code: { type: "string", format: "uri" }, x: true }, ["where"]);
  assert.deepEqual(
    fieldsOf(schema).map(({ shape }) => shape),
    ["other", "other", "other"],
  );
  const { result, wrong, words } = judged(schema, { where: "behind the gate" });
  assert.deepEqual([result, wrong, words], [{}, {}, "where: behind the gate"]);
});

test("references into the form's own definitions and titled constants are followed", () => {
  const schema = {
    ...form({ t: { $ref: "#/$defs/heat", title: "Heat" }, side: { oneOf: [{ const: "l", title: "Left" }] } }),
    $defs: { heat: TEMPERATURE },
  };
  const [heat, side] = fieldsOf(schema);
  assert.deepEqual([heat?.shape, heat?.label.en, side?.shape], ["number", "Heat", "choice"]);
});

test("fields come in the order of their author, which JSON does not keep", () => {
  const schema = { ...form({ a: METHOD, b: METHOD, c: METHOD }), "x-order": ["c", "gone", "a"] };
  assert.deepEqual(
    fieldsOf(schema).map(({ name }) => name),
    ["c", "a", "b"],
  );
});

test("a step goes from the shown start, one at a time, and stops at what is possible", () => {
  const [field] = fieldsOf(form({ t: TEMPERATURE })) as [NumberField];
  assert.equal(stepped(field, undefined, 36.5, 1), "36.6");
  assert.equal(stepped(field, "36.6", 36.5, -1), "36.5");
  assert.equal(stepped(field, "43.0", 36.5, 1), "43.0");
  let up = "34.0";
  for (let times = 0; times < 90; times += 1) up = stepped(field, up, 36.5, 1);
  assert.equal(up, "43.0");
});

const word = fc.string({ minLength: 1, maxLength: 6 }).filter((one) => !["__proto__", "$ref"].includes(one));
const bound = fc.integer({ min: -50, max: 50 });
const numbers = fc
  .record({ type: fc.constantFrom("number", "integer"), low: bound, size: fc.integer({ min: 0, max: 80 }) })
  .chain(({ type, low, size }) =>
    fc.record(
      {
        type: fc.constant(type),
        minimum: fc.constant(low),
        maximum: fc.constant(low + size),
        multipleOf: fc.constantFrom(0.1, 0.25, 0.5, 1, 2, 5, 0.001),
      },
      { requiredKeys: ["type"] },
    ),
  );
const choices = fc.record({ enum: fc.array(fc.oneof(word, fc.integer(), fc.boolean()), { minLength: 1 }) });
const part = fc.oneof(
  numbers,
  choices,
  fc.record({ type: fc.constant("boolean") }),
  fc.record(
    { type: fc.constant("string"), minLength: fc.nat(4), maxLength: fc.integer({ min: 4, max: 9 }) },
    { requiredKeys: ["type"] },
  ),
  fc.record({ type: fc.constant("string"), format: fc.constantFrom("date", "uri", "time") }),
  fc.record(
    {
      type: fc.constant("array"),
      items: fc.oneof(choices, fc.constant({ type: "string" })),
      uniqueItems: fc.constant(true),
      minItems: fc.nat(2),
      maxItems: fc.integer({ min: 1, max: 4 }),
    },
    { requiredKeys: ["type", "items"] },
  ),
  fc.record({ type: fc.constantFrom("object", "null"), anyOf: fc.constant([{ type: "object" }]) }),
);
const given = fc.oneof(
  word,
  fc.boolean(),
  fc.double({ noNaN: true }),
  fc.integer({ min: -60, max: 400 }).map(String),
  fc.integer({ min: -600, max: 4000 }).map((tenths) => (tenths / 10).toFixed(1)),
  fc.date({ noInvalidDate: true }).map((at) => at.toISOString().slice(0, 10)),
  fc.array(word),
);

/** A form and a draft for it: some answers are options of its own, so that right ones are common. */
const filled = fc.dictionary(word, part, { maxKeys: 6 }).chain((properties) => {
  const names = Object.keys(properties);
  const answer = (schema: Record<string, unknown>) => {
    const items = (schema.items ?? schema) as { enum?: unknown[] };
    const own = items.enum?.length ? fc.subarray(items.enum, { minLength: 1 }) : fc.constant(["x"]);
    return fc.oneof(
      given,
      own,
      own.map(([first]) => first),
      fc.constant(undefined),
    );
  };
  return fc.record({
    schema: fc.subarray(names).map((required) => form(properties, required)),
    draft: fc.record(Object.fromEntries(names.map((name) => [name, answer(properties[name] ?? {})]))),
  });
});

test("whatever the form lets out fits its schema, up to what only words can say", () => {
  fc.assert(
    fc.property(filled, ({ schema, draft }) => {
      const fields = fieldsOf(schema);
      const { result, wrong } = check(fields, draft as Draft);
      const untold = fields.filter(({ shape }) => shape === "other").map(({ name }) => name);
      if (Object.keys(wrong).length) return;
      const required = (schema.required as string[]).filter((name) => !untold.includes(name));
      assert.deepEqual(fits({ ...schema, required }, JSON.parse(JSON.stringify(result))), []);
    }),
    { numRuns: 2000 },
  );
});

test("a result that is opened to be corrected and left as it is comes out the same", () => {
  fc.assert(
    fc.property(filled, ({ schema, draft }) => {
      const fields = fieldsOf(schema);
      const { result } = check(fields, draft as Draft);
      assert.deepEqual(check(fields, draftOf(fields, result)).result, result);
    }),
  );
});

test("no schema and no draft breaks the form", () => {
  fc.assert(
    fc.property(fc.object(), fc.dictionary(word, given), (properties, draft) => {
      const { wrong } = check(fieldsOf({ type: "object", properties } as Schema), draft as Draft);
      return typeof wrong === "object";
    }),
  );
});
