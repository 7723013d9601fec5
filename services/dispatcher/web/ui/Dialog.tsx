import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../texts/language.ts";
import { CLOSE } from "../texts/ui.ts";
import { CrossIcon } from "./icons.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps focus inside, Escape closes it, focus goes back to where it was. */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const cancel = (event: Event) => {
    event.preventDefault();
    onClose();
  };
  return (
    <dialog ref={dialog} class={wide ? "dialog dialog--wide" : "dialog"} aria-labelledby={heading} onCancel={cancel}>
      <header class="dialog__head">
        <h2 id={heading}>{title}</h2>
        <button type="button" class="button button--quiet button--icon" aria-label={t(CLOSE)} onClick={onClose}>
          <CrossIcon />
        </button>
      </header>
      <div class="dialog__body">{children}</div>
    </dialog>
  );
}
