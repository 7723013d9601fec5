import { otherErrors, sentence } from "./refusal.ts";

interface TroubleProps {
  error: unknown;
  /** Fields that show their own error. */
  shown?: readonly string[];
}

/** What went wrong, with the bad fields that nothing else shows. */
export function Trouble({ error, shown = [] }: TroubleProps) {
  if (error === undefined || error === null) return null;
  return (
    <div class="notice notice--bad" role="alert">
      {sentence(error)}
      {otherErrors(error, shown).map(({ loc, msg }) => (
        <p key={loc} class="setup__wrong">
          <code>{loc}</code> {msg}
        </p>
      ))}
    </div>
  );
}
