/** Questions to the API and what became of them, for components. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { isLoggedOut } from "../../api/client.ts";
import { hear } from "../model.ts";
import { session } from "../session.ts";

export interface Asked<T> {
  value: T | undefined;
  error: unknown;
  /** Ask once more; what is shown stays until the answer comes. */
  again: () => void;
}

/** Asks whenever one of `about` changes, and once a log-in that ended is renewed; an answer that was overtaken is left aside. */
export function useAsked<T>(ask: () => Promise<T>, about: readonly unknown[]): Asked<T> {
  const [answer, setAnswer] = useState<{ value: T | undefined; error: unknown }>({ value: undefined, error: null });
  const latest = useRef(0);
  const again = useCallback(() => {
    latest.current += 1;
    const mine = latest.current;
    ask().then(
      (value) => mine === latest.current && setAnswer({ value, error: null }),
      (error: unknown) => mine === latest.current && setAnswer((before) => ({ ...before, error })),
    );
  }, about);
  useEffect(() => {
    again();
    return () => {
      latest.current += 1;
    };
  }, [again]);
  const counts = session.value === "in";
  useEffect(() => {
    if (counts && isLoggedOut(answer.error)) again();
  }, [counts]);
  return { ...answer, again };
}

const SETTLED_MS = 250;

/** Calls `heard` shortly after events of these names, once for many. */
export function useEvents(names: readonly string[], heard: () => void): void {
  const latest = useRef(heard);
  latest.current = heard;
  const key = names.join(" ");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = hear((event) => {
      if (!key.split(" ").includes(event.name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => latest.current(), SETTLED_MS);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [key]);
}

export interface Sending {
  busy: boolean;
  error: unknown;
  /** Runs `send`; what it raises is kept as `error`. Answers whether it went well. Does nothing while the one before is under way. */
  run: (send: () => Promise<unknown>) => Promise<boolean>;
  setError: (error: unknown) => void;
}

export function useSending(): Sending {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const under = useRef(false);
  const run = async (send: () => Promise<unknown>) => {
    if (under.current) return false;
    under.current = true;
    setState({ busy: true, error: null });
    try {
      await send();
      setState({ busy: false, error: null });
      return true;
    } catch (error) {
      setState({ busy: false, error });
      return false;
    } finally {
      under.current = false;
    }
  };
  return { ...state, run, setError: (error) => setState({ busy: false, error }) };
}
