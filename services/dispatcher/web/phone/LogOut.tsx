import { useSignal } from "@preact/signals";
import { t } from "../texts/language.ts";
import {
  DELETE_AND_LOG_OUT,
  LOG_OUT,
  LOG_OUT_ASK,
  LOG_OUT_MANY,
  LOG_OUT_ONE,
  LOG_OUT_WIPES,
  STAY,
} from "../texts/phone-shell.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { logOut, waitingOfMine } from "./session.ts";

/** The button, and the question that it asks first. */
export function LogOut() {
  const asking = useSignal(false);
  return (
    <>
      <button
        type="button"
        class="button button--danger log-out"
        onClick={() => {
          asking.value = true;
        }}
      >
        {t(LOG_OUT)}
      </button>
      {asking.value && (
        <Question
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </>
  );
}

function Question({ onClose }: { onClose: () => void }) {
  const waiting = waitingOfMine.value;
  const go = async () => {
    // More may have come to wait since the question was drawn: then it is asked again, with the new number.
    await logOut({ force: waiting > 0 });
  };
  return (
    <Dialog title={t(LOG_OUT_ASK)} onClose={onClose}>
      <div class="stack">
        {waiting > 0 && (
          <p class="notice notice--bad">{t(waiting === 1 ? LOG_OUT_ONE : LOG_OUT_MANY, { n: waiting })}</p>
        )}
        <p class="log-out__wipes">{t(LOG_OUT_WIPES)}</p>
        <button type="button" class="button button--primary" onClick={onClose}>
          {t(STAY)}
        </button>
        <button type="button" class="button button--danger" onClick={() => void go()}>
          {t(waiting > 0 ? DELETE_AND_LOG_OUT : LOG_OUT)}
        </button>
      </div>
    </Dialog>
  );
}
