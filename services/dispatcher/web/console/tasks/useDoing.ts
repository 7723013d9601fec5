import { useRef, useState } from "preact/hooks";
import { isLoggedOut } from "../../api/client.ts";

interface Doing {
  readonly busy: boolean;
  readonly error: unknown;
  /** Do it once: pressing again while it is under way does nothing. Says whether it was done. */
  readonly run: (deed: () => Promise<void>) => Promise<boolean>;
  readonly clear: () => void;
}

/** Something that is done at a press of a button, and what stood against it. */
export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const under = useRef(false);
  const run = async (deed: () => Promise<void>) => {
    if (under.current) return false;
    under.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await deed();
      return true;
    } catch (problem) {
      // The page asks for a new log-in by itself; afterwards the same button does it.
      if (!isLoggedOut(problem)) setError(problem);
      return false;
    } finally {
      under.current = false;
      setBusy(false);
    }
  };
  return { busy, error, run, clear: () => setError(undefined) };
}
