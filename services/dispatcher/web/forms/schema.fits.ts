/** JSON Schema 2020-12 as far as result forms use it, written apart from the form so that tests judge the one by the other. */

type Part = Readonly<Record<string, unknown>>;

/** The rules that a value breaks, as `place: rule`. */
export function fits(schema: Part, value: unknown, at = "result"): string[] {
  const broken = RULES.filter(([rule, holds]) => rule in schema && !holds(schema[rule], value)).map(
    ([rule]) => `${at}: ${rule}`,
  );
  return [...broken, ...inside(schema, value, at)];
}

type Holds = (rule: never, value: never) => boolean;

const RULES: readonly (readonly [string, (rule: unknown, value: unknown) => boolean])[] = (
  [
    ["type", (rule: string | string[], value: unknown) => [rule].flat().some((type) => isA(type, value))],
    ["enum", (rule: unknown[], value: unknown) => rule.includes(value)],
    ["minimum", (rule: number, value: number) => value >= rule],
    ["maximum", (rule: number, value: number) => value <= rule],
    ["multipleOf", (rule: number, value: number) => thousandths(value) % thousandths(rule) === 0n],
    ["minLength", (rule: number, value: string) => [...value].length >= rule],
    ["maxLength", (rule: number, value: string) => [...value].length <= rule],
    ["minItems", (rule: number, value: unknown[]) => value.length >= rule],
    ["maxItems", (rule: number, value: unknown[]) => value.length <= rule],
    ["uniqueItems", (rule: boolean, value: unknown[]) => !rule || new Set(value).size === value.length],
    ["required", (rule: string[], value: object) => rule.every((name) => Object.hasOwn(value, name))],
    [
      "format",
      (rule: string, value: string) => rule === "date" && value === new Date(value).toISOString().slice(0, 10),
    ],
    ["anyOf", () => false],
  ] as const
).map(([rule, holds]) => [rule, (wanted, value) => (holds as Holds)(wanted as never, value as never)]);

function isA(type: string, value: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return type === "null" ? value === null : typeof value === type;
}

function inside(schema: Part, value: unknown, at: string): string[] {
  if (Array.isArray(value))
    return value.flatMap((one, index) => fits((schema.items ?? {}) as Part, one, `${at}.${index}`));
  if (!isA("object", value)) return [];
  const properties = (schema.properties ?? {}) as Record<string, Part>;
  return Object.entries(value as Part).flatMap(([name, one]) =>
    Object.hasOwn(properties, name) ? fits(properties[name] ?? {}, one, `${at}.${name}`) : [`${at}.${name}: unknown`],
  );
}

/** Exactly as written: 36.6 is 36600 thousandths. */
function thousandths(value: number): bigint {
  const [whole = "0", decimals = ""] = String(value).split(".");
  if (decimals.length > 3) return 1n;
  return BigInt(whole + decimals.padEnd(3, "0"));
}
