import "./list.css";
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { LIST } from "../../texts/console-board.ts";
import { t } from "../../texts/language.ts";
import { mayChange, points, selection } from "../model.ts";
import { go, place } from "../router.ts";
import { wantAddresses } from "./addresses.ts";
import { filter, isSettled, shown, tickAll } from "./board.ts";
import { isFiltering } from "./filter.ts";
import { TaskRow } from "./TaskRow.tsx";
import { ticked } from "./ticking.ts";
import { rowsSeen, scrollTo } from "./window.ts";

const ROW_PX = 54;

/** The open tasks, soonest due first. Only the rows in sight are drawn; arrows, Enter and Space do what a mouse does. */
export function TaskList() {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  const active = useSignal<string | null>(null);
  const lastTicked = useRef<string | null>(null);
  const tasks = shown.value;
  const rows = rowsSeen(top.value, height.value, ROW_PX, tasks.length);
  const inSight = tasks.slice(rows.first, rows.end);
  useEffect(() => wantAddresses(inSight.map(({ id }) => id)));
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const tick = (row: number, withShift: boolean) => {
    const ids = tasks.map(({ id }) => id);
    const from = withShift && lastTicked.current ? ids.indexOf(lastTicked.current) : -1;
    selection.value = ticked(selection.value, ids, row, from < 0 ? null : from);
    lastTicked.current = ids[row] ?? null;
  };
  const moveTo = (row: number) => {
    const to = Math.max(0, Math.min(tasks.length - 1, row));
    active.value = tasks[to]?.id ?? null;
    if (box.current) box.current.scrollTop = scrollTo(to, box.current.scrollTop, box.current.clientHeight, ROW_PX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tasks.findIndex(({ id }) => id === active.value);
    const page = Math.max(1, Math.floor(height.value / ROW_PX) - 1);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    if (event.key in steps) moveTo(at + (steps[event.key] ?? 0));
    else if (event.key === "Home") moveTo(0);
    else if (event.key === "End") moveTo(tasks.length - 1);
    else if (event.key === "Enter" && at >= 0) go(`/task/${active.value}`);
    else if (event.key === " " && at >= 0 && mayChange.value) tick(at, event.shiftKey);
    else return;
    event.preventDefault();
  };
  const open = place.value.at === "task" ? place.value.id : null;
  return (
    <>
      <ListHead />
      <div
        ref={box}
        class="list"
        role="grid"
        tabIndex={0}
        aria-label={t(LIST.heading)}
        aria-description={t(LIST.keys)}
        aria-rowcount={tasks.length}
        aria-activedescendant={inSight.some(({ id }) => id === active.value) ? `row-${active.value}` : undefined}
        aria-multiselectable={mayChange.value}
        onScroll={({ currentTarget }) => {
          top.value = currentTarget.scrollTop;
        }}
        onFocus={() => {
          if (!tasks.some(({ id }) => id === active.value)) active.value = tasks[rows.first]?.id ?? null;
        }}
        onKeyDown={onKeyDown}
      >
        <div class="list__all" role="presentation" style={{ height: `${tasks.length * ROW_PX}px` }}>
          {inSight.map((task, n) => (
            <TaskRow
              key={task.id}
              task={task}
              row={rows.first + n}
              top={(rows.first + n) * ROW_PX}
              active={task.id === active.value}
              open={task.id === open}
              onTick={tick}
            />
          ))}
        </div>
        {tasks.length === 0 && <p class="list__none">{t(isFiltering(filter.value) ? LIST.nothing : LIST.empty)}</p>}
      </div>
    </>
  );
}

function ListHead() {
  const many = shown.value.length;
  return (
    <div class="list__head">
      <h2 class="list__heading">{t(LIST.heading)}</h2>
      <span class="list__count">{t(LIST.shown, { shown: many, all: points.value.size })}</span>
      {mayChange.value && many > 0 && (
        <button type="button" class="button button--quiet list__tick-all" disabled={!isSettled.value} onClick={tickAll}>
          {t(LIST.tickAll, { n: many })}
        </button>
      )}
    </div>
  );
}
