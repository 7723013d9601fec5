import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../texts/language.ts";
import { MEMORY_FAILS, TRY_AGAIN } from "../texts/phone-shell.ts";
import { PRODUCT } from "../texts/words.ts";
import { Toasts } from "../ui/toasts.tsx";
import { Banners } from "./Banners.tsx";
import { memoryFails } from "./engine.ts";
import { LogIn } from "./LogIn.tsx";
import { forgetLink, link } from "./link.ts";
import { place, type Tab } from "./place.ts";
import { StatusBar } from "./StatusBar.tsx";
import { sessionState } from "./session.ts";
import { TabBar } from "./TabBar.tsx";
import { Done } from "./views/Done.tsx";
import { Me } from "./views/Me.tsx";
import { Now } from "./views/Now.tsx";
import { Route } from "./views/Route.tsx";

const SCREENS = { now: Now, route: Route, done: Done, me: Me } satisfies Record<Tab, unknown>;

/** The page: a log-in, or the member's tabs under what must always be in sight. */
export function App() {
  const logsIn = useSignal(false);
  const state = sessionState.value;
  useEffect(() => {
    if (state === "in") logsIn.value = false;
  }, [state]);
  if (state === "unknown" || memoryFails.value) return <Opening />;
  const again = link.value.state === "failed" || (state === "expired" && (logsIn.value || link.value.state !== "none"));
  const backToRoute = () => {
    logsIn.value = false;
    forgetLink();
  };
  if (state === "out" || again) return <LogIn onBack={state === "out" ? undefined : backToRoute} />;
  return (
    <div class="phone">
      <StatusBar />
      <Banners
        onLogIn={() => {
          logsIn.value = true;
        }}
      />
      <Screen />
      <TabBar />
      <Toasts />
    </div>
  );
}

/** What is read from the phone's memory is there in a moment: the name, and nothing that flickers. */
function Opening() {
  return (
    <main class="opening">
      <h1>{t(PRODUCT)}</h1>
      {memoryFails.value && (
        <>
          <p class="notice notice--bad" role="alert">
            {t(MEMORY_FAILS)}
          </p>
          <button type="button" class="button button--primary" onClick={() => location.reload()}>
            {t(TRY_AGAIN)}
          </button>
        </>
      )}
    </main>
  );
}

/** The focus follows to each new screen, so that what is read aloud begins there. */
function Screen() {
  const main = useRef<HTMLElement>(null);
  const { tab, screen, id } = place.value;
  const drawn = useRef(false);
  useEffect(() => {
    if (drawn.current) main.current?.focus({ preventScroll: true });
    drawn.current = true;
  }, [tab, screen, id]);
  const Shown = SCREENS[tab];
  return (
    <main ref={main} class="screen" tabIndex={-1}>
      <Shown />
    </main>
  );
}
