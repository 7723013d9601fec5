import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import {
  AT_THE_DOOR,
  CANNOT_GO,
  LATER_DOOR,
  NEXT_CALL,
  NEXT_DOOR,
  NOT_ON_ROUTE,
  ON_THE_WAY,
} from "../../texts/phone-views.ts";
import { go, type Tab } from "../place.ts";
import { route } from "../route.ts";
import type { Stop } from "../route-overlay.ts";
import { Break } from "./Break.tsx";
import { Decline } from "./Decline.tsx";
import { Door } from "./Door.tsx";
import { declinable, isCall, type Numbered, nextStop, numbered, progressOf } from "./doors.ts";
import { StopActions } from "./StopActions.tsx";
import { Head, View } from "./View.tsx";

interface StopViewProps {
  stop: Stop;
  tab: Tab;
  /** Above the door. */
  head: ComponentChildren;
  /** Below it. */
  children?: ComponentChildren;
}

/** The door to go to now, or a later one opened from the list, with everything to press. */
export function StopView({ stop, tab, head, children }: StopViewProps) {
  const [declining, setDeclining] = useState(false);
  return (
    <View actions={<StopActions stop={stop} tab={tab} />}>
      {head}
      {stop.break ? <Break stop={stop} /> : <Door stop={stop} />}
      {declinable(stop).length > 0 && (
        <button type="button" class="button button--quiet door__decline" onClick={() => setDeclining(true)}>
          {t(CANNOT_GO)}
        </button>
      )}
      {children}
      {declining && (
        <Decline stop={stop} onClose={() => setDeclining(false)} onAllGiven={() => go(tab, null, null, true)} />
      )}
    </View>
  );
}

/** A later stop, by its key. */
export function StopScreen({ stopKey, tab }: { stopKey: string; tab: Tab }) {
  const stops = route.value?.stops ?? [];
  const found = numbered(stops).find(({ stop }) => stop.key === stopKey);
  const head = <Head onBack={() => go(tab)}>{found ? laterHeading(stops, found) : t(NOT_ON_ROUTE)}</Head>;
  return found ? <StopView stop={found.stop} tab={tab} head={head} /> : <View>{head}</View>;
}

function laterHeading(stops: readonly Stop[], { stop, number }: Numbered): string {
  const isNext = stop === nextStop(stops) || progressOf(stop) !== "ahead";
  return isNext ? headingOf(stop) : t(LATER_DOOR, { n: number ?? "" });
}

export function headingOf(stop: Stop): string {
  if (isCall(stop)) return t(NEXT_CALL);
  const progress = progressOf(stop);
  return t(progress === "arrived" ? AT_THE_DOOR : progress === "departed" ? ON_THE_WAY : NEXT_DOOR);
}
