import { useEffect, useState } from "preact/hooks";

export interface Tried {
  /** Why it failed; undefined: it did not. */
  readonly problem: unknown;
  readonly done: boolean;
  readonly again: () => void;
}

/** Does `work` once, again whenever `about` changes, and when asked to after it failed. */
export function useTried(work: () => Promise<unknown>, about: unknown = null, wanted = true): Tried {
  const [state, setState] = useState<{ problem: unknown; done: boolean }>({ problem: undefined, done: false });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    work().then(
      () => gone || setState({ problem: undefined, done: true }),
      (problem: unknown) => gone || setState({ problem, done: false }),
    );
    return () => {
      gone = true;
    };
  }, [about, tries, wanted]);
  return { ...state, again: () => setTries(tries + 1) };
}
