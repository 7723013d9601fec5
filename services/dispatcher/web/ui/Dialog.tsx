import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../texts/language.ts";
import { CLOSE, NOT_SAVED } from "../texts/ui.ts";
import { CrossIcon } from "./icons.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ComponentChildren;
}

/** Text that takes a while to type; searching for something and ticking it is soon done again. */
const TYPED = "textarea, input:not([type=search], [type=radio], [type=checkbox])";

/** A modal dialog: the browser keeps focus inside, Escape closes it, at the second time where something was typed; focus goes back to where it was. */
export function Dialog({ title, onClose, wide = false, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const before = useRef<Element | null>(null);
  // Before anything is painted: a key pressed right after the button finds the dialog open.
  useLayoutEffect(() => {
    before.current = document.activeElement;
    dialog.current?.showModal();
  }, []);
  // When it is gone: as long as it is there, nothing behind it takes the focus.
  useEffect(
    () => () => {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    },
    [],
  );
  const typed = useRef(false);
  const [warned, setWarned] = useState(false);
  const leave = () => {
    if (typed.current && !warned) setWarned(true);
    else onClose();
  };
  const cancel = (event: Event) => {
    event.preventDefault();
    leave();
  };
  return (
    <dialog
      ref={dialog}
      class={wide ? "dialog dialog--wide" : "dialog"}
      aria-labelledby={heading}
      onCancel={cancel}
      onClose={onClose}
      onInput={(event) => {
        if (!(event.target instanceof Element && event.target.matches(TYPED))) return;
        typed.current = true;
        setWarned(false);
      }}
    >
      <header class="dialog__head">
        <h2 id={heading}>{title}</h2>
        <button type="button" class="button button--quiet button--icon" aria-label={t(CLOSE)} onClick={leave}>
          <CrossIcon />
        </button>
      </header>
      {warned && (
        <p class="notice notice--warn dialog__warning" role="alert">
          {t(NOT_SAVED)}
        </p>
      )}
      <div class="dialog__body">{children}</div>
    </dialog>
  );
}
