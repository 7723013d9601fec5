import type { ComponentChildren } from "preact";
import { SETUP } from "../../texts/console-setup.ts";
import { type Text, t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import type { Sending } from "./asked.ts";

interface FormEndProps {
  sending: Sending;
  /** The fields that show their own error. */
  shown: readonly string[];
  onCancel: () => void;
  /** What the button that sends says; "Save" where nothing is said. */
  save?: Text;
  danger?: boolean;
  /** Something is lacking, so it cannot be sent yet. */
  blocked?: boolean;
  /** There is nothing to send: whoever looks may not change it. */
  readOnly?: boolean;
  /** What stands before the buttons. */
  children?: ComponentChildren;
}

/** The end of a form: what was refused beyond its fields, and the buttons. */
export function FormEnd(props: FormEndProps) {
  const { sending, shown, onCancel, save = SETUP.save, danger = false, blocked = false, readOnly = false } = props;
  return (
    <>
      <ProblemNote error={sending.error} shown={shown} />
      <div class="setup__end">
        {props.children}
        <button type="button" class="button" onClick={onCancel}>
          {t(SETUP.cancel)}
        </button>
        {!readOnly && (
          <button
            type="submit"
            class={`button button--${danger ? "danger" : "primary"}`}
            disabled={sending.busy || blocked}
          >
            {t(save)}
          </button>
        )}
      </div>
    </>
  );
}
