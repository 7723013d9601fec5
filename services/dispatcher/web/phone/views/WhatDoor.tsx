import { useEffect, useRef } from "preact/hooks";
import { t } from "../../texts/language.ts";
import { NO_ADDRESS } from "../../texts/phone-views.ts";
import { Due } from "./Due.tsx";
import { peopleOf } from "./doors.ts";
import type { AskedDoor } from "./ending.ts";
import { allNamed } from "./naming.ts";

/** Which door is asked about: where, whom, what, by when. The focus follows to each, so that what is read aloud begins there. */
export function WhatDoor({ door: { stop, tasks } }: { door: AskedDoor }) {
  const due = tasks.map((task) => task.due_at).sort((one, other) => Date.parse(one) - Date.parse(other))[0];
  const people = peopleOf({ ...stop, tasks: [...tasks] });
  const where = useRef<HTMLHeadingElement>(null);
  useEffect(() => where.current?.focus({ preventScroll: true }), []);
  return (
    <section class="panel stack">
      <h2 class="ask-door" ref={where} tabIndex={-1}>
        {stop.address || people[0]?.name || t(NO_ADDRESS)}
      </h2>
      {people.length > 0 && <p>{people.map((person) => person.name).join(" · ")}</p>}
      <p>
        <strong>{allNamed(tasks.map((task) => task.names))}</strong>
      </p>
      {due && <Due at={due} />}
    </section>
  );
}
