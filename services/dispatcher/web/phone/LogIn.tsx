import { t } from "../texts/language.ts";
import { BACK_TO_ROUTE, LOGGING_IN, OR_LINK, OTHERS_WAIT, OTHERS_WAIT_ONE } from "../texts/phone-shell.ts";
import { PRODUCT } from "../texts/words.ts";
import { LanguageSwitch } from "../ui/LanguageSwitch.tsx";
import { link } from "./link.ts";
import { PinForm } from "./PinForm.tsx";
import { waitingOfOthers } from "./session.ts";

/** `onBack`: the log-in only ended, the route is still there to go back to. */
export function LogIn({ onBack }: { onBack?: (() => void) | undefined }) {
  const spending = link.value.state === "spending";
  return (
    <main class="log-in">
      <div class="log-in__top">
        <h1>{t(PRODUCT)}</h1>
        <LanguageSwitch />
      </div>
      {spending ? <p role="status">{t(LOGGING_IN)}</p> : <PinForm />}
      {!spending && <p class="log-in__hint">{t(OR_LINK)}</p>}
      <OthersWait />
      {onBack && (
        <button type="button" class="button button--quiet" onClick={onBack}>
          {t(BACK_TO_ROUTE)}
        </button>
      )}
    </main>
  );
}

/** Without a name: whoever holds the phone now need not know whose they are. */
function OthersWait() {
  const count = waitingOfOthers.value;
  if (count === 0) return null;
  return <p class="notice notice--info">{t(count === 1 ? OTHERS_WAIT_ONE : OTHERS_WAIT, { n: count })}</p>;
}
