import "./board.css";
import { FRAME, LIST, MAP, STANDING } from "../../texts/console-board.ts";
import { AFTER } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { Lazily } from "../Lazily.tsx";
import { loadError } from "../live.ts";
import { overview, picking, points, selection } from "../model.ts";
import { place } from "../router.ts";
import { BulkBar } from "../tasks/BulkBar.tsx";
import { type View, view } from "./board.ts";
import { Filters } from "./Filters.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { TaskList } from "./TaskList.tsx";
import { WrongNow } from "./WrongNow.tsx";

const map = () => import("./MapView.tsx").then((module) => module.default);
const VIEWS: readonly (readonly [View, { en: string; zh: string }])[] = [
  ["wrong", FRAME.wrong],
  ["list", FRAME.list],
  ["map", FRAME.map],
];
const NOTHING = {};
/** Places that are shown beside the list and the map. */
const BESIDE: ReadonlySet<string> = new Set(["task", "team", "new", "import", "review"]);

/** What is wrong, the list, the map, and beside them what was chosen. */
export function Board({ hidden }: { hidden: boolean }) {
  const at = place.value.at;
  const beside = BESIDE.has(at);
  const classes = ["board", `board--${view.value}`];
  if (beside) classes.push("board--beside");
  if (at === "import") classes.push("board--wide");
  if (picking.value) classes.push("board--picking");
  return (
    <main class={classes.join(" ")} hidden={hidden}>
      <h1 class="visually-hidden">{t(FRAME.board)}</h1>
      <Views />
      <div class="board__left">
        <Standing />
        {loadError.value !== undefined && !overview.value && <ProblemNote error={loadError.value} />}
        <WrongNow />
        <section class="board__list" aria-label={t(LIST.heading)}>
          <Filters />
          <TaskList />
          <BulkBar ids={[...selection.value]} done={() => (selection.value = new Set())} />
        </section>
      </div>
      <section class="board__map" aria-label={t(MAP.label)}>
        <Lazily part={map} with={NOTHING} />
      </section>
      {beside && <SidePanel />}
    </main>
  );
}

/** How much there is, in one quiet line. */
function Standing() {
  const known = overview.value;
  if (!known) return null;
  const onShift = known.teams.filter((team) => team.on_shift).length;
  return (
    <p class="board__standing">
      <b>{points.value.size}</b> {t(STANDING.open)} · <b>{onShift}</b> {t(STANDING.onShift)} ·{" "}
      <b>{known.closed_today.completed ?? 0}</b> {t(STANDING.closedToday)}
      {known.visits_to_review > 0 && (
        <>
          {" · "}
          <a href="#/review">
            <b>{known.visits_to_review}</b> {t(known.visits_to_review === 1 ? AFTER.toReviewOne : AFTER.toReview)}
          </a>
        </>
      )}
    </p>
  );
}

/** On a small screen: one of the three at a time. */
function Views() {
  return (
    <div class="board__views" role="group" aria-label={t(FRAME.views)}>
      {VIEWS.map(([one, text]) => (
        <button key={one} type="button" aria-pressed={view.value === one} onClick={() => (view.value = one)}>
          {t(text)}
        </button>
      ))}
    </div>
  );
}
