import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../texts/language.ts";
import {
  DISTRICT,
  DISTRICT_HINT,
  LOG_IN,
  LOGGING_IN,
  PHONE,
  PHONE_MISSING,
  PIN,
  PIN_HINT,
  PIN_MISSING,
  TRY_LINK_AGAIN,
  WHY_NOT,
} from "../texts/phone-shell.ts";
import { Field } from "../ui/Field.tsx";
import { span } from "../ui/time.ts";
import { canTryLinkAgain, forgetLink, link, spendLink } from "./link.ts";
import { type LogInResult, lastPhone, logInByPin } from "./session.ts";

/** Phone number and PIN; the district only where the server asks for it. It also says why a link did not work. */
export function PinForm() {
  const phone = useSignal(lastPhone.peek());
  const pin = useSignal("");
  const district = useSignal("");
  const asksDistrict = useSignal(false);
  const busy = useSignal(false);
  const problem = useSignal(failedLink());
  const tried = useSignal(false);
  const alert = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (link.value.state === "failed") problem.value = failedLink();
  }, [link.value]);

  const submit = async (event: Event) => {
    event.preventDefault();
    tried.value = true;
    if (busy.value || !isPhone(phone.value) || !isPin(pin.value)) return;
    busy.value = true;
    forgetLink();
    const given = district.value.trim().toLowerCase();
    const result = await logInByPin({
      phone: phone.value.trim(),
      pin: pin.value,
      ...(asksDistrict.value && given ? { district: given } : {}),
    });
    busy.value = false;
    if (result.ok) return;
    problem.value = result;
    tried.value = false;
    if (result.why === "which_district") asksDistrict.value = true;
    else pin.value = "";
    alert.current?.focus();
  };

  return (
    <form class="log-in__form" onSubmit={submit} noValidate>
      <p ref={alert} class="log-in__problem" role="alert" tabIndex={-1}>
        {problem.value && <span class="notice notice--bad">{inWords(problem.value)}</span>}
      </p>
      {canTryLinkAgain() && (
        <button type="button" class="button" onClick={() => void spendLink()}>
          {t(TRY_LINK_AGAIN)}
        </button>
      )}
      <Field label={t(PHONE)} error={tried.value && !isPhone(phone.value) ? t(PHONE_MISSING) : undefined}>
        {(input) => (
          <input
            {...input}
            type="tel"
            inputMode="tel"
            autoComplete="username"
            value={phone.value}
            onInput={(event) => {
              phone.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <Field label={t(PIN)} hint={t(PIN_HINT)} error={tried.value && !isPin(pin.value) ? t(PIN_MISSING) : undefined}>
        {(input) => (
          <input
            {...input}
            type="password"
            inputMode="numeric"
            autoComplete="current-password"
            maxLength={12}
            value={pin.value}
            onInput={(event) => {
              pin.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      {asksDistrict.value && (
        <Field label={t(DISTRICT)} hint={t(DISTRICT_HINT)}>
          {(input) => (
            <input
              {...input}
              autoCapitalize="none"
              autoComplete="organization"
              spellcheck={false}
              value={district.value}
              onInput={(event) => {
                district.value = event.currentTarget.value;
              }}
            />
          )}
        </Field>
      )}
      <button type="submit" class="button button--primary log-in__go" aria-disabled={busy.value}>
        {t(busy.value ? LOGGING_IN : LOG_IN)}
      </button>
    </form>
  );
}

function failedLink(): LogInResult | null {
  return link.value.state === "failed" ? link.value.why : null;
}

function inWords(result: LogInResult): string {
  if (result.ok) return "";
  return t(WHY_NOT[result.why], { time: span(Math.max(60, result.retryAfterS ?? 60) * 1_000) });
}

function isPhone(text: string): boolean {
  return /^\+?[0-9][0-9 ()-]{2,30}$/.test(text.trim());
}

function isPin(text: string): boolean {
  return /^[0-9]{4,12}$/.test(text);
}
