import { NoAnswer, Refused } from "../api/client.ts";
import { t } from "../texts/language.ts";
import { BROKEN, NO_ANSWER } from "../texts/ui.ts";

/** What went wrong, in a sentence; with each bad field where the API names them. */
export function ProblemNote({ error }: { error: unknown }) {
  if (error === undefined || error === null) return null;
  const fields = error instanceof Refused ? error.problem.errors : [];
  return (
    <div class="notice notice--bad" role="alert">
      {inWords(error)}
      {fields.length > 0 && (
        <ul>
          {fields.map((field) => (
            <li key={field.loc}>
              <code>{field.loc}</code> {field.msg}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function inWords(error: unknown): string {
  if (error instanceof Refused) return error.problem.detail || error.problem.title;
  return t(error instanceof NoAnswer ? NO_ANSWER : BROKEN);
}

/** What the API says of one field of the body, such as `household.lat`. */
export function errorOf(error: unknown, loc: string): string | undefined {
  return error instanceof Refused ? error.problem.errors.find((field) => field.loc === loc)?.msg : undefined;
}
