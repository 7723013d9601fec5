import type { ComponentChildren } from "preact";
import { t } from "../../texts/language.ts";
import { BACK } from "../../texts/phone-views.ts";
import { BackIcon } from "../../ui/icons.tsx";

interface ViewProps {
  /** What is pressed here: stays under the thumb while the rest scrolls. */
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** One screen between the status above and the tabs below. */
export function View({ actions, children }: ViewProps) {
  return (
    <div class="view">
      <div class="view__body">{children}</div>
      {actions}
    </div>
  );
}

interface HeadProps {
  onBack: () => void;
  children: ComponentChildren;
}

/** The heading of a screen that was opened from another. */
export function Head({ onBack, children }: HeadProps) {
  return (
    <header class="view__head">
      <button type="button" class="button button--quiet button--icon" aria-label={t(BACK)} onClick={onBack}>
        <BackIcon />
      </button>
      <h1>{children}</h1>
    </header>
  );
}
