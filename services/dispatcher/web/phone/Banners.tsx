import type { ComponentChildren } from "preact";
import { t } from "../texts/language.ts";
import {
  EXPIRED,
  EXPIRED_MANY,
  EXPIRED_ONE,
  LOG_IN_AGAIN,
  LOOK,
  NEW_VERSION,
  SET_ASIDE,
  SET_ASIDE_ONE,
  USE_IT,
} from "../texts/phone-shell.ts";
import { go, place } from "./place.ts";
import { setAside } from "./queue.ts";
import { sessionState, waitingOfMine } from "./session.ts";
import { newVersion, takeNewVersion } from "./updates.ts";

/** What the member should do something about, whatever the screen. */
export function Banners({ onLogIn }: { onLogIn: () => void }) {
  const aside = setAside.value.length;
  return (
    <div class="banners" aria-live="polite">
      {sessionState.value === "expired" && (
        <Banner tone="warn" action={t(LOG_IN_AGAIN)} onAction={onLogIn}>
          {t(counted(waitingOfMine.value, EXPIRED, EXPIRED_ONE, EXPIRED_MANY), { n: waitingOfMine.value })}
        </Banner>
      )}
      {aside > 0 && place.value.tab !== "done" && (
        <Banner tone="info" action={t(LOOK)} onAction={() => go("done")}>
          {t(aside === 1 ? SET_ASIDE_ONE : SET_ASIDE, { n: aside })}
        </Banner>
      )}
      {newVersion.value && (
        <Banner tone="info" action={t(USE_IT)} onAction={() => void takeNewVersion()}>
          {t(NEW_VERSION)}
        </Banner>
      )}
    </div>
  );
}

export function counted<T>(count: number, none: T, one: T, many: T): T {
  if (count === 0) return none;
  return count === 1 ? one : many;
}

interface BannerProps {
  tone: "warn" | "info";
  action: string;
  onAction: () => void;
  children: ComponentChildren;
}

function Banner({ tone, action, onAction, children }: BannerProps) {
  return (
    <div class={`banner notice notice--${tone}`}>
      <span>{children}</span>
      <button type="button" class="button" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
