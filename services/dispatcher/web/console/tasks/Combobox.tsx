import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { RESULTS, SEARCHING } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Field } from "../../ui/Field.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";

interface ComboboxProps<T> {
  label: string;
  hint: string;
  /** What fits the text. Raises Refused, NoAnswer. */
  find: (text: string, signal: AbortSignal) => Promise<readonly T[]>;
  keyOf: (found: T) => string;
  show: (found: T) => ComponentChildren;
  onChoose: (found: T) => void;
  /** The last option: what was typed, as something new. */
  asNew: (text: string) => string;
  onNew: (text: string) => void;
  /** Said where nothing fits. */
  nothing: string;
}

/** A pause in typing, in ms, after which it is worth asking. */
const PAUSE_MS = 250;

/** A search field with what it finds below; arrows and Enter choose. */
export function Combobox<T>(props: ComboboxProps<T>) {
  const { label, hint, keyOf, show, onChoose, asNew, onNew, nothing } = props;
  const [text, setText] = useState("");
  const [active, setActive] = useState(-1);
  const { found, error, searching } = useFound(text, props.find);
  // Where what is found changes, what was marked is another one; before it is painted, so that a key pressed right after means what is seen.
  useLayoutEffect(() => setActive(-1), [found]);
  const list = useId();
  const typed = text.trim();
  const choices = [...found.map((one) => () => onChoose(one)), ...(typed ? [() => onNew(typed)] : [])];
  const keys = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    const moves = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (moves && choices.length) {
      event.preventDefault();
      setActive((active + moves + choices.length + (active < 0 && moves < 0 ? 1 : 0)) % choices.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choices[active]?.();
    } else if (event.key === "Escape") setText("");
  };
  const option = (place: number) => ({
    id: `${list}-${place}`,
    role: "option" as const,
    "aria-selected": place === active,
    class: "combo__option",
    onMouseDown: (event: MouseEvent) => event.preventDefault(),
    onClick: () => choices[place]?.(),
  });
  const combobox = {
    role: "combobox",
    list: undefined,
    "aria-expanded": choices.length > 0,
    "aria-controls": list,
    "aria-autocomplete": "list",
    "aria-activedescendant": active >= 0 ? `${list}-${active}` : undefined,
  } as const;
  return (
    <div class="combo">
      <Field label={label} hint={hint}>
        {(input) => (
          <input
            {...input}
            type="search"
            {...combobox}
            autocomplete="off"
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setActive(-1);
            }}
            onKeyDown={keys}
          />
        )}
      </Field>
      <div role="status" class="visually-hidden">
        {typed && (searching ? t(SEARCHING) : t(RESULTS, { n: found.length }))}
      </div>
      {typed && (
        <div id={list} role="listbox" aria-label={label} class="combo__list">
          {found.map((one, place) => (
            <div key={keyOf(one)} {...option(place)}>
              {show(one)}
            </div>
          ))}
          <div {...option(found.length)} class="combo__option combo__option--new">
            {asNew(typed)}
          </div>
        </div>
      )}
      {typed && !searching && found.length === 0 && error === undefined && <p class="task__quiet">{nothing}</p>}
      <ProblemNote error={error} />
    </div>
  );
}

const NONE: readonly never[] = [];

function useFound<T>(text: string, find: (text: string, signal: AbortSignal) => Promise<readonly T[]>) {
  const [answer, setAnswer] = useState<{ text: string; found: readonly T[]; error: unknown }>({
    text: "",
    found: [],
    error: undefined,
  });
  const latest = useRef(find);
  latest.current = find;
  const typed = text.trim();
  useEffect(() => {
    if (!typed) return;
    const ended = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const found = await latest.current(typed, ended.signal);
        if (!ended.signal.aborted) setAnswer({ text: typed, found, error: undefined });
      } catch (error) {
        if (!ended.signal.aborted) setAnswer({ text: typed, found: [], error });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [typed]);
  // While more is typed, what was found stays: the list does not jump.
  return typed ? { ...answer, searching: answer.text !== typed } : { found: NONE, error: undefined, searching: false };
}
