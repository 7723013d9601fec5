import "./handover.css";
import type { ComponentChildren } from "preact";
import { HANDOVER } from "../../texts/console-handover.ts";
import { t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { clock, dayAndClock } from "../../ui/time.ts";
import { Sign } from "../board/Sign.tsx";
import { district, kindName } from "../model.ts";
import { now } from "../now.ts";
import { Handed } from "./Handed.tsx";
import { type EndOfShift as End, useEndOfShift } from "./useEndOfShift.ts";

interface Props {
  of: { team: string } | { shift: string };
  /** Of a shift that is looked up nothing is something to say; beside a route it is left out. */
  saysNothing?: boolean;
}

/** What a shift hands over at its end and to whom, what is still open, and what came from teams before. */
export function EndOfShift({ of, saysNothing = false }: Props) {
  const { end, error } = useEndOfShift(of);
  if (error !== undefined) return <ProblemNote error={error} />;
  if (!end || !(saysNothing || isWorthTelling(end))) return null;
  const zone = district.value?.time_zone ?? "UTC";
  const over = Date.parse(end.ends_at) <= now.value.getTime();
  const isAsked = !end.goes_on && Date.parse(end.asks_from) <= now.value.getTime();
  return (
    <section class="handover" aria-label={t(HANDOVER.title)}>
      <h3>{t(HANDOVER.title)}</h3>
      <p class="handover__quiet">
        {t(over ? HANDOVER.ended : HANDOVER.ends, { time: dayAndClock(end.ends_at, zone, now.value) })}
        {!over && !end.goes_on && <> · {t(HANDOVER.asked, { time: clock(end.asks_from, zone) })}</>}
      </p>
      {end.goes_on && <p class="handover__quiet">{t(HANDOVER.goesOn)}</p>}
      {isAsked && <Open end={end} />}
      <List heading={HANDOVER.handed} of={end.handed_over} draw={(one) => <Handed key={one.id} handed={one} />} />
      <List heading={HANDOVER.received} of={end.received} draw={(one) => <Handed key={one.id} handed={one} came />} />
      {end.handed_over.length + end.received.length === 0 && !isAsked && (
        <p class="handover__quiet">{t(HANDOVER.nothing)}</p>
      )}
    </section>
  );
}

function isWorthTelling(end: End): boolean {
  const asked = !end.goes_on && Date.parse(end.asks_from) <= now.value.getTime();
  return (asked && end.still_open.length > 0) || end.handed_over.length + end.received.length > 0;
}

function Open({ end }: { end: End }) {
  return (
    <List
      heading={HANDOVER.open}
      of={end.still_open}
      draw={(one) => (
        <li key={one.task_id} class="handover__task">
          <Sign status={one.status} overdue={Date.parse(one.due_at) < now.value.getTime()} />
          <a href={`#/task/${one.task_id}`}>{one.address || kindName(one.kind)}</a>
          <span class={`badge badge--${one.kept ? "good" : "warn"}`}>
            {t(one.kept ? HANDOVER.kept : HANDOVER.silent)}
          </span>
        </li>
      )}
    />
  );
}

interface ListProps<T> {
  heading: (typeof HANDOVER)["open"];
  of: readonly T[];
  draw: (one: T) => ComponentChildren;
}

function List<T>({ heading, of, draw }: ListProps<T>) {
  if (of.length === 0) return null;
  return (
    <>
      <h4>{t(heading, { n: of.length })}</h4>
      <ul class="handover__list">{of.map(draw)}</ul>
    </>
  );
}
