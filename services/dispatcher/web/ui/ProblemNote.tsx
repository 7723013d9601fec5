import { otherErrors, sentence } from "./refusal.ts";

interface ProblemNoteProps {
  error: unknown;
  /** Fields that show their own error. */
  shown?: readonly string[];
}

/** What went wrong, in a sentence; with the bad fields that nothing else shows. */
export function ProblemNote({ error, shown = [] }: ProblemNoteProps) {
  if (error === undefined || error === null) return null;
  const fields = otherErrors(error, shown);
  return (
    <div class="notice notice--bad" role="alert">
      {sentence(error)}
      {fields.length > 0 && (
        <ul>
          {fields.map(({ loc, msg }) => (
            <li key={loc}>
              {loc && <code>{loc}</code>} {msg}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
