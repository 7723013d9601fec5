/** What a field most often says: where its stepper starts, and values worth a button of their own. */

import type { NumberField } from "./schema.ts";

interface Typical {
  readonly start: number;
  readonly quick: readonly number[];
}

/** Healthy adults measured at the forehead or ear: nearly all lie between these. */
const TEMPERATURE: Typical = { start: 36.5, quick: [36.2, 36.3, 36.4, 36.5, 36.6, 36.7, 36.8, 36.9] };

export function typicalOf(field: NumberField): Typical {
  return field.name === "temperature_c" ? TEMPERATURE : { start: Math.max(0, field.least ?? 0), quick: [] };
}
