import { MAP } from "../../texts/console-board.ts";
import { t } from "../../texts/language.ts";
import { STATUS } from "../../texts/words.ts";
import { type Layer, layers, lookAt } from "./board.ts";
import { Sign } from "./Sign.tsx";

const LAYERS: readonly Layer[] = ["grids", "tasks", "teams", "routes"];
const STATUSES = ["pending", "assigned", "accepted", "in_progress"] as const;

/** What the map shows, and the way back to the whole district. */
export function MapTools() {
  return (
    <div class="tools">
      <button type="button" class="button tools__fit" onClick={() => (lookAt.value = "district")}>
        {t(MAP.fit)}
      </button>
      <div class="tools__layers" role="group" aria-label={t(MAP.layers)}>
        {LAYERS.map((layer) => (
          <button
            key={layer}
            type="button"
            class="tools__layer"
            aria-pressed={layers.value.has(layer)}
            onClick={() => toggle(layer)}
          >
            {t(MAP[layer])}
          </button>
        ))}
      </div>
    </div>
  );
}

/** What the signs mean: open where there is room. */
export function Legend() {
  return (
    <details class="legend" open={window.innerWidth > 1200}>
      <summary>{t(MAP.legend)}</summary>
      <ul>
        {STATUSES.map((status) => (
          <li key={status}>
            <Sign status={status} /> {t(STATUS[status])}
          </li>
        ))}
        <li>
          <Sign status="accepted" overdue /> {t(MAP.overdue)}
        </li>
        <li>
          <span class="team-mark team-mark--sample">
            01<span class="team-mark__load">5</span>
          </span>
          {t(MAP.teamOn)}
        </li>
        <li>
          <span class="team-mark team-mark--sample team-mark--silent">01</span> {t(MAP.teamSilent)}
        </li>
        <li>
          <span class="team-mark team-mark--sample team-mark--off">01</span> {t(MAP.teamOff)}
        </li>
      </ul>
    </details>
  );
}

function toggle(layer: Layer): void {
  const next = new Set(layers.value);
  if (!next.delete(layer)) next.add(layer);
  layers.value = next;
}
