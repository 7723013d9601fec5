/** `AbortSignal.any` for browsers that do not have it: iOS 16 and Android's older web views are in use still. */

/** Aborts as soon as one of them does. */
export function either(one: AbortSignal, other: AbortSignal): AbortSignal {
  if ("any" in AbortSignal) return AbortSignal.any([one, other]);
  const first = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) first.abort(signal.reason);
    signal.addEventListener("abort", () => first.abort(signal.reason), { signal: first.signal });
  }
  return first.signal;
}
