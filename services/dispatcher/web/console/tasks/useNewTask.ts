import { useState } from "preact/hooks";
import { answered, api, NoAnswer, Refused, type Schemas } from "../../api/client.ts";
import { newId } from "../../api/ids.ts";
import { type District, district, kinds, who } from "../model.ts";
import { bodyOf, type Draft, draftOf, emptyDraft, keep, type Missing, missing, sameDoor } from "./draft.ts";
import { useDoing } from "./useDoing.ts";

type Body = never; // the generated type takes no point that is null

export interface Sent {
  readonly task: Schemas["TaskTaken"];
  /** It was in already: an earlier try did arrive. */
  readonly repeated: boolean;
}

export interface NewTaskState {
  readonly draft: Draft;
  readonly set: (some: Partial<Draft>) => void;
  readonly lacks: (what: Missing) => boolean;
  readonly busy: boolean;
  readonly error: unknown;
  /** What sending would make, where a person should look at it first: a likely duplicate, a point outside every grid. */
  readonly asksFirst: Schemas["TaskTaken"] | null;
  /** An earlier try of this task arrived, and said something else. */
  readonly cameBefore: boolean;
  readonly lost: boolean;
  readonly sent: Sent | null;
  readonly submit: (event: Event) => void;
  readonly sendAnyway: () => void;
  readonly dont: () => void;
  readonly sendAsOther: () => void;
  readonly clear: () => void;
  readonly next: (atSameDoor: boolean) => void;
}

/** A task that is being typed and sent. What is typed outlives this panel and a log-in that expires. */
export function useNewTask(): NewTaskState {
  const here = district.value;
  const owner = `${who.value?.id} ${here?.id}`;
  const draft = draftOf(owner);
  const [tried, setTried] = useState(false);
  const [asksFirst, setAsksFirst] = useState<Schemas["TaskTaken"] | null>(null);
  const [sent, setSent] = useState<Sent | null>(null);
  const { busy, error, run, clear: clearError } = useDoing();
  const lacking = tried ? missing(draft, kinds.value.get(draft.kind)?.channel) : [];
  const set = (some: Partial<Draft>) => {
    setAsksFirst(null);
    keep({ ...draft, ...some });
  };
  const send = async (task: Draft) => {
    const answer = await post(body(task, here));
    setAsksFirst(null);
    setSent(answer);
  };
  const begin = (next: Draft) => {
    keep(next);
    setSent(null);
    setTried(false);
    setAsksFirst(null);
    clearError();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (missing(draft, kinds.value.get(draft.kind)?.channel).length) return;
    void run(async () => {
      const would = await preview(body(draft, here));
      if (would) setAsksFirst(would);
      else await send(draft);
    });
  };
  const sendAsOther = () => {
    const other = { ...draft, id: newId() };
    keep(other);
    void run(() => send(other));
  };
  return {
    draft,
    set,
    lacks: (what) => lacking.includes(what),
    busy,
    error,
    asksFirst,
    cameBefore: error instanceof Refused && error.problem.code === "body_differs",
    lost: error instanceof NoAnswer,
    sent,
    submit,
    sendAnyway: () => void run(() => send(draft)),
    dont: () => setAsksFirst(null),
    sendAsOther,
    clear: () => begin(emptyDraft(owner)),
    next: (atSameDoor) => begin(atSameDoor && sent ? sameDoor(known(draft, sent.task)) : emptyDraft(owner)),
  };
}

/** What a person should look at first; null: it can be sent as it is. Raises Refused, NoAnswer. */
async function preview(body: Body): Promise<Schemas["TaskTaken"] | null> {
  const { task, status } = await answered(api.POST("/v1/tasks/preview", { body }));
  const outside = task.waiting_reason === "outside_every_grid";
  return status === "created" && (task.warnings.length > 0 || outside) ? task : null;
}

/** Raises Refused, NoAnswer. */
async function post(body: Body): Promise<Sent> {
  const asked = api.POST("/v1/tasks", { body });
  const task = await answered(asked);
  return { task, repeated: (await asked).response.status === 200 };
}

/** For the district in which it was typed, whatever is looked at by the time it is sent. */
function body(draft: Draft, where: District | null): Body {
  return bodyOf(draft, where?.id ?? "", where?.time_zone ?? "UTC") as Body;
}

/** The door that was made with the task is a known one from now on. */
function known(draft: Draft, task: Schemas["TaskTaken"]): Draft {
  if (draft.door.is !== "new" || !task.household_id) return draft;
  const { address, accessNotes, point } = draft.door;
  const made = {
    id: task.household_id,
    address,
    access_notes: accessNotes,
    lat: point?.lat ?? null,
    lon: point?.lon ?? null,
  };
  const household = {
    ...made,
    ref: null,
    grid_id: task.grid_id,
    district_id: task.district_id,
    created_at: null,
    updated_at: null,
    redacted_at: null,
  };
  return { ...draft, door: { is: "known", household } };
}
