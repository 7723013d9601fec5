import { useEffect, useState } from "preact/hooks";
import { atMostEvery } from "../backlog.ts";
import { hear } from "../model.ts";

/** What is asked about everybody is asked again not more often than anybody would look. */
const PAUSE_MS = 5_000;

export interface Fresh<T> {
  readonly value: T | undefined;
  readonly error: unknown;
}

/** Asks whenever one of `about` changes, and again while events of these names come; what is shown stays until the answer comes. */
export function useFresh<T>(ask: () => Promise<T>, names: readonly string[], about: readonly unknown[]): Fresh<T> {
  const [answer, setAnswer] = useState<Fresh<T>>({ value: undefined, error: undefined });
  useEffect(() => {
    let gone = false;
    const asking = atMostEvery(PAUSE_MS, async () => {
      try {
        const value = await ask();
        if (!gone) setAnswer({ value, error: undefined });
      } catch (error) {
        if (!gone) setAnswer((before) => ({ ...before, error }));
        throw error;
      }
    });
    asking();
    const deaf = hear(({ name }) => {
      if (names.includes(name)) asking();
    });
    return () => {
      gone = true;
      deaf();
      asking.stop();
    };
  }, about);
  return answer;
}
