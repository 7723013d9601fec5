import { useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import { AT_THE_DOOR, BACK, NEXT_CALL, NEXT_DOOR, NOT_ON_ROUTE, ON_THE_WAY } from "../../texts/phone-views.ts";
import { BackIcon } from "../../ui/icons.tsx";
import { go, type Tab } from "../place.ts";
import { route } from "../route.ts";
import type { Stop } from "../route-overlay.ts";
import { Break } from "./Break.tsx";
import { Decline } from "./Decline.tsx";
import { Door } from "./Door.tsx";
import { isCall, progressOf } from "./doors.ts";
import { StopActions } from "./StopActions.tsx";

/** The door to go to now, or a later one opened from the list, with everything to press. */
export function StopView({ stop, tab }: { stop: Stop; tab: Tab }) {
  const [declining, setDeclining] = useState(false);
  if (stop.break) return <Break stop={stop} />;
  return (
    <>
      <Door stop={stop} />
      <StopActions stop={stop} tab={tab} onDecline={() => setDeclining(true)} />
      {declining && <Decline stop={stop} onClose={() => setDeclining(false)} />}
    </>
  );
}

/** A later stop, by its key. */
export function StopScreen({ stopKey, tab }: { stopKey: string; tab: Tab }) {
  const stop = route.value?.stops.find((one) => one.key === stopKey);
  return (
    <div class="screen">
      <header class="screen__head">
        <button type="button" class="button button--quiet button--icon" aria-label={t(BACK)} onClick={() => go(tab)}>
          <BackIcon />
        </button>
        <h1>{stop ? headingOf(stop) : t(NOT_ON_ROUTE)}</h1>
      </header>
      {stop && <StopView stop={stop} tab={tab} />}
    </div>
  );
}

export function headingOf(stop: Stop): string {
  if (isCall(stop)) return t(NEXT_CALL);
  const progress = progressOf(stop);
  return t(progress === "arrived" ? AT_THE_DOOR : progress === "departed" ? ON_THE_WAY : NEXT_DOOR);
}
