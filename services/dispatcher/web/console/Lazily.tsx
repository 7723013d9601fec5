import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FRAME } from "../texts/console-board.ts";
import { t } from "../texts/language.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";

interface LazilyProps<P extends object> {
  /** Fetches the part; the same function at every drawing. */
  part: () => Promise<ComponentType<P>>;
  with: P;
}

/** A part of the console whose code is fetched when it is first shown. */
export function Lazily<P extends object>({ part, with: props }: LazilyProps<P>) {
  const [here, setHere] = useState<{ Part?: ComponentType<P>; error?: unknown }>({});
  useEffect(() => {
    let gone = false;
    part().then(
      (Part) => gone || setHere({ Part }),
      (error: unknown) => gone || setHere({ error }),
    );
    return () => {
      gone = true;
    };
  }, [part]);
  const { Part, error } = here;
  if (Part) return <Part {...props} />;
  if (!error) return null;
  // After an upgrade the old code is nowhere: the page itself must be fetched anew.
  const again = () =>
    part().then(
      (Part) => setHere({ Part }),
      () => location.reload(),
    );
  return (
    <div class="stack">
      <ProblemNote error={error} />
      <button type="button" class="button" onClick={() => void again()}>
        {t(FRAME.loadAgain)}
      </button>
    </div>
  );
}
