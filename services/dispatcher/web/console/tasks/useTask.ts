/** One task as it is now: read again whenever something happens to it. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { answered, api, Refused, type Schemas } from "../../api/client.ts";
import type { Schema } from "../../forms/schema.ts";
import { type Happened, hear, kinds } from "../model.ts";
import { session } from "../session.ts";

export type Task = Schemas["TaskDetail"];

export interface Read {
  readonly task: Task | undefined;
  readonly error: unknown;
  readonly again: () => Promise<Task | undefined>;
}

/** Several events of one change come together: they are one reading. */
const GATHER_MS = 150;

export function useTask(id: string): Read {
  const [task, setTask] = useState<Task>();
  const [error, setError] = useState<unknown>();
  const asked = useRef(0);
  const again = useCallback(async () => {
    const turn = ++asked.current;
    try {
      const found = await answered(api.GET("/v1/tasks/{id}", { params: { path: { id } } }));
      if (turn === asked.current) {
        setTask(found);
        setError(undefined);
      }
      return found;
    } catch (problem) {
      if (turn === asked.current) setError(problem);
      return undefined;
    }
  }, [id]);
  useEffect(() => {
    setTask(undefined);
    void again();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = hear((event) => {
      if (!concerns(event, id)) return;
      clearTimeout(timer);
      timer = setTimeout(() => void again(), GATHER_MS);
    });
    return () => {
      asked.current += 1;
      clearTimeout(timer);
      stop();
    };
  }, [id, again]);
  const counts = session.value === "in";
  useEffect(() => {
    if (counts && error !== undefined) void again();
  }, [counts]);
  // While another task is being read, what is known of the last one is not its.
  return { task: task?.id === id ? task : undefined, error, again };
}

function concerns(event: Happened, id: string): boolean {
  return event.task_id === id || event.name === "household.changed" || event.name === "subject.changed";
}

export function isGone(error: unknown): boolean {
  return error instanceof Refused && error.problem.status === 404;
}

const forms = new Map<string, Promise<Schema | null>>();

/** The forms in which visits of a kind were recorded, by version; absent while they are read, null where nobody answers. */
export function useForms(kindCode: string, versions: readonly number[]): ReadonlyMap<number, Schema | null> {
  const [known, setKnown] = useState<ReadonlyMap<number, Schema | null>>(new Map());
  const kindId = kinds.value.get(kindCode)?.id;
  const wanted = [...new Set(versions)].sort().join();
  useEffect(() => {
    if (!kindId || !wanted) return;
    let gone = false;
    for (const version of wanted.split(",").map(Number))
      void formOf(kindId, version).then((form) => {
        if (!gone) setKnown((before) => new Map(before).set(version, form));
      });
    return () => {
      gone = true;
    };
  }, [kindId, wanted]);
  return known;
}

/** A version of a form never changes, so it is asked for once. */
function formOf(kindId: string, version: number): Promise<Schema | null> {
  const key = `${kindId}/${version}`;
  const asked =
    forms.get(key) ??
    answered(api.GET("/v1/kinds/{id}/forms/{version}", { params: { path: { id: kindId, version } } })).then(
      ({ form }) => form as Schema,
      () => {
        forms.delete(key);
        return null;
      },
    );
  forms.set(key, asked);
  return asked;
}
