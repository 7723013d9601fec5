import { useSignal } from "@preact/signals";
import { LOG_IN } from "../texts/console-board.ts";
import { t } from "../texts/language.ts";
import { PRODUCT } from "../texts/words.ts";
import { Field } from "../ui/Field.tsx";
import { LanguageSwitch } from "../ui/LanguageSwitch.tsx";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { who } from "./model.ts";
import { logIn } from "./session.ts";

/** The page before anybody is logged in. */
export function LogInPage() {
  return (
    <main class="login">
      <div class="login__head">
        <h1>{t(PRODUCT)}</h1>
        <LanguageSwitch />
      </div>
      <p class="login__lead">{t(LOG_IN.lead)}</p>
      <LogInForm />
      <a href="/phone">{t(LOG_IN.phonePage)}</a>
    </main>
  );
}

/** Name and secret. */
export function LogInForm() {
  const name = useSignal(who.peek()?.name ?? "");
  const secret = useSignal("");
  const error = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    error.value = undefined;
    try {
      await logIn(name.value.trim(), secret.value);
    } catch (problem) {
      error.value = problem;
      secret.value = "";
    }
    busy.value = false;
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <ProblemNote error={error.value} />
      <Field label={t(LOG_IN.name)}>
        {(input) => (
          <input
            {...input}
            name="username"
            autocomplete="username"
            autocapitalize="none"
            required
            value={name.value}
            onInput={({ currentTarget }) => (name.value = currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t(LOG_IN.secret)}>
        {(input) => (
          <input
            {...input}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value={secret.value}
            onInput={({ currentTarget }) => (secret.value = currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button button--primary" disabled={busy.value}>
        {t(LOG_IN.go)}
      </button>
    </form>
  );
}
