/** The browser asks before it leaves or reloads the page while something on it would be lost. */

const losing = new Set<() => boolean>();

/** `loses`: would something be lost just now? */
export function askWhere(loses: () => boolean): void {
  losing.add(loses);
}

/** From now on nothing is asked. */
export function leaveUnasked(): void {
  losing.clear();
}

export function wouldLose(): boolean {
  return [...losing].some((loses) => loses());
}

globalThis.window?.addEventListener("beforeunload", (event) => {
  if (wouldLose()) event.preventDefault();
});
