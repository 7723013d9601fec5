import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { ACCOUNTS } from "../../../texts/console-district.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { dayAndClock } from "../../../ui/time.ts";
import { now } from "../../now.ts";
import { useAsked, useSending } from "../asked.ts";
import type { Account } from "./Accounts.tsx";

/** The live sessions of an account and the tokens of its programs; a new token is shown once. */
export function Tokens({ account, timeZone }: { account: Account; timeZone: string }) {
  const path = { id: account.id };
  const asked = useAsked(() => answered(api.GET("/v1/accounts/{id}/tokens", { params: { path } })), [account.id]);
  const [label, setLabel] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const sending = useSending();
  const make = () =>
    sending.run(async () => {
      const body = { label, expires_at: null };
      setMade((await answered(api.POST("/v1/accounts/{id}/tokens", { params: { path }, body }))).token);
      setLabel("");
      asked.again();
    });
  const revoke = (id: string) =>
    sending.run(async () => {
      await answered(api.DELETE("/v1/tokens/{id}", { params: { path: { id } } }));
      asked.again();
    });
  return (
    <section class="stack setup__subs">
      <h3>{t(ACCOUNTS.tokens)}</h3>
      <ProblemNote error={asked.error ?? sending.error} />
      {asked.value?.items.length === 0 && <p class="setup__quiet">{t(ACCOUNTS.noTokens)}</p>}
      <ul class="setup__seats">
        {asked.value?.items.map((token) => (
          <li key={token.id} class="setup__seat">
            <span>{token.label || t(token.purpose === "session" ? ACCOUNTS.session : ACCOUNTS.program)}</span>
            <span class="setup__quiet">
              {t(ACCOUNTS.until, { time: dayAndClock(token.expires_at, timeZone, now.value) })}
            </span>
            <button
              type="button"
              class="button button--quiet"
              aria-label={t(ACCOUNTS.revokeOf, { label: token.label || token.purpose })}
              disabled={sending.busy}
              onClick={() => revoke(token.id)}
            >
              {t(ACCOUNTS.revoke)}
            </button>
          </li>
        ))}
      </ul>
      {made && (
        <p class="notice notice--good">
          {t(ACCOUNTS.tokenOnce)} <code class="setup__token">{made}</code>
        </p>
      )}
      <div class="setup__beside">
        <TextField label={t(ACCOUNTS.label)} maxLength={200} autocomplete="off" value={label} onText={setLabel} />
        <button type="button" class="button" disabled={sending.busy} onClick={make}>
          {t(ACCOUNTS.makeToken)}
        </button>
      </div>
    </section>
  );
}
