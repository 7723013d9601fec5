import { useEffect, useRef } from "preact/hooks";
import { FRAME } from "../../texts/console-board.ts";
import { AFTER } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { CrossIcon } from "../../ui/icons.tsx";
import { Lazily } from "../Lazily.tsx";
import { go, place } from "../router.ts";
import { TeamPanel } from "./TeamPanel.tsx";

const task = () => import("../tasks/TaskPanel.tsx").then(({ TaskPanel }) => TaskPanel);
const newTask = () => import("../tasks/NewTask.tsx").then(({ NewTask }) => NewTask);
const importTasks = () => import("../tasks/ImportTasks.tsx").then(({ ImportTasks }) => ImportTasks);
const review = () => import("../tasks/ReviewPanel.tsx").then(({ ReviewPanel }) => ReviewPanel);
const NOTHING = {};

/** What was chosen: a task, a team, a new task, an import. Escape and the cross lead back. */
export function SidePanel() {
  const panel = useRef<HTMLElement>(null);
  const at = place.value;
  const about = at.at + ("id" in at ? at.id : "");
  useEffect(() => {
    const before = document.activeElement;
    const element = panel.current;
    return () => {
      const at = document.activeElement;
      const leftHere = at === document.body || element?.contains(at);
      if (leftHere && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    panel.current?.scrollTo(0, 0);
    panel.current?.focus({ preventScroll: true });
  }, [about]);
  const close = (event: KeyboardEvent) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (event.key === "Escape" && !typing && !event.defaultPrevented) go("/");
  };
  return (
    <aside
      ref={panel}
      class="beside"
      tabIndex={-1}
      aria-label={t(LABELS[at.at as keyof typeof LABELS])}
      onKeyDown={close}
    >
      <div class="beside__bar">
        <button
          type="button"
          class="button button--quiet button--icon beside__close"
          aria-label={t(FRAME.close)}
          onClick={() => go("/")}
        >
          <CrossIcon />
        </button>
      </div>
      {at.at === "task" && <Lazily part={task} with={{ id: at.id }} />}
      {at.at === "team" && <TeamPanel id={at.id} />}
      {at.at === "new" && <Lazily part={newTask} with={NOTHING} />}
      {at.at === "review" && <Lazily part={review} with={NOTHING} />}
      {at.at === "import" && <Lazily part={importTasks} with={NOTHING} />}
    </aside>
  );
}

const LABELS = {
  task: FRAME.task,
  team: FRAME.team,
  new: FRAME.newTask,
  import: FRAME.importTasks,
  review: AFTER.heading,
};
