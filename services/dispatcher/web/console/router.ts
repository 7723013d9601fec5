/** Where the console is: the part of the address behind `#`. */

import { computed, signal } from "@preact/signals";

export type Place =
  | { readonly at: "board" }
  | { readonly at: "task"; readonly id: string }
  | { readonly at: "team"; readonly id: string }
  | { readonly at: "new" }
  | { readonly at: "import" }
  | { readonly at: "review" }
  | { readonly at: "figures"; readonly from: string | undefined; readonly to: string | undefined }
  | { readonly at: "people"; readonly page: string; readonly rest: readonly string[] }
  | { readonly at: "setup"; readonly page: string };

/** What stands behind `#`, such as `/task/0192…`. */
const path = signal(read());

/** The place that the address names; an unknown one is the board. */
export const place = computed<Place>(() => placeOf(path.value));

/** Go to `/`, `/task/ID`, `/team/ID`, `/new`, `/import`, `/review`, `/figures/FROM/TO`, `/people/PAGE/…` or `/setup/PAGE`. */
export function go(to: string): void {
  globalThis.location.hash = to;
  path.value = to;
}

export function placeOf(written: string): Place {
  const [first, second, ...rest] = written.replace(/^\/+/, "").split("/");
  if ((first === "task" || first === "team") && second) return { at: first, id: second };
  if (first === "new" || first === "import" || first === "review") return { at: first };
  if (first === "figures") return { at: "figures", from: second, to: rest[0] };
  if (first === "people") return { at: "people", page: second || "follow-ups", rest: rest.filter(Boolean) };
  if (first === "setup") return { at: "setup", page: second || "teams" };
  return { at: "board" };
}

function read(): string {
  return globalThis.location?.hash.slice(1) || "/";
}

globalThis.window?.addEventListener("hashchange", () => {
  path.value = read();
});
