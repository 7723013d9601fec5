import type { ComponentChildren } from "preact";
import { SETUP } from "../../texts/console-setup.ts";
import { t } from "../../texts/language.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import type { Sending } from "./asked.ts";

interface ConfirmProps {
  title: string;
  says: string;
  yes: string;
  sending: Sending;
  onYes: () => void;
  onClose: () => void;
  children?: ComponentChildren;
}

/** Asks before something that is hard to take back. */
export function Confirm({ title, says, yes, sending, onYes, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        <p class="setup__says">{says}</p>
        {children}
        <ProblemNote error={sending.error} />
        <div class="setup__end">
          <button type="button" class="button" onClick={onClose}>
            {t(SETUP.cancel)}
          </button>
          <button type="button" class="button button--danger" disabled={sending.busy} onClick={onYes}>
            {yes}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
