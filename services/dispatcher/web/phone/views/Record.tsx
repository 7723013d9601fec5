import { useEffect, useState } from "preact/hooks";
import { named, t } from "../../texts/language.ts";
import { BACK, GONE, NOT_ON_ROUTE, RECORD_TITLE, TASKS_HERE } from "../../texts/phone-views.ts";
import { CheckIcon } from "../../ui/icons.tsx";
import { back, go, type Tab } from "../place.ts";
import { hold, letGo, route } from "../route.ts";
import type { Stop, Task } from "../route-overlay.ts";
import { RecordTask } from "./RecordTask.tsx";
import { useStop } from "./useStop.ts";
import { Head, View } from "./View.tsx";

/** Everything at one door, task after task. The door stays open until all of it is recorded, whatever happens to the route. */
export function Record({ stopKey, tab }: { stopKey: string; tab: Tab }) {
  const stop = useStop(stopKey);
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | undefined>();
  const known = route.value !== null;
  useEffect(() => hold(stopKey), [stopKey, known]);
  useEffect(() => letGo, [stopKey]);
  const open = inTurn(stop).filter((task) => !done.has(task.id));
  const task = open.find(({ id }) => id === chosen) ?? open[0];
  const recorded = (ids: readonly string[]) => {
    if (open.every(({ id }) => ids.includes(id))) return go("now", null, null, true);
    setDone(new Set([...done, ...ids]));
  };
  const head = <Head onBack={back}>{task ? named(task.names) : t(RECORD_TITLE)}</Head>;
  if (!stop || !task)
    return (
      <View>
        {head}
        <p class="notice notice--warn">{t(NOT_ON_ROUTE)}</p>
        <button type="button" class="button" onClick={() => go(tab, null, null, true)}>
          {t(BACK)}
        </button>
      </View>
    );
  return (
    <RecordTask key={task.id} task={task} open={open} onRecorded={recorded}>
      {head}
      <Whose stop={stop} task={task} />
      {stop.tasks.length > 1 && <Tasks stop={stop} current={task.id} done={done} onChoose={setChosen} />}
    </RecordTask>
  );
}

/** Those that need the member's own role come first. */
function inTurn(stop: Stop | undefined): Task[] {
  return [...(stop?.tasks ?? [])].sort((one, other) => Number(other.needed) - Number(one.needed));
}

function Whose({ stop, task }: { stop: Stop; task: Task }) {
  return (
    <>
      <p class="visit__whose">
        {task.subject && <strong>{task.subject.name}</strong>}
        <span class="quiet">{stop.address}</span>
      </p>
      {task.gone && <p class="notice notice--warn">{t(GONE)}</p>}
      {task.instructions && <p class="said quiet">{task.instructions}</p>}
    </>
  );
}

interface TasksProps {
  stop: Stop;
  current: string;
  done: ReadonlySet<string>;
  onChoose: (id: string) => void;
}

function Tasks({ stop, current, done, onChoose }: TasksProps) {
  return (
    <div class="row" role="group" aria-label={t(TASKS_HERE)}>
      {stop.tasks.map((task) => (
        <button
          key={task.id}
          type="button"
          class="chip"
          aria-pressed={task.id === current}
          disabled={done.has(task.id)}
          onClick={() => onChoose(task.id)}
        >
          {done.has(task.id) && <CheckIcon />} {named(task.names)}
        </button>
      ))}
    </div>
  );
}
