import { t } from "../../texts/language.ts";
import { ARRIVE, DEPART, RECORD } from "../../texts/phone-views.ts";
import { DoorIcon, PencilIcon, WalkIcon } from "../../ui/icons.tsx";
import { go, type Tab } from "../place.ts";
import type { Stop } from "../route-overlay.ts";
import { isCall, progressOf } from "./doors.ts";
import { tell } from "./keeping.ts";

interface Props {
  stop: Stop;
  tab: Tab;
}

/** What is pressed at a stop, within reach of the thumb: what comes next stands out. */
export function StopActions({ stop, tab }: Props) {
  const progress = isCall(stop) ? "arrived" : progressOf(stop);
  const [first] = stop.tasks;
  if (!first) return null;
  return (
    <div class="actions">
      {progress === "ahead" && (
        <button
          type="button"
          class="button button--primary"
          onClick={() => void tell({ report: "depart", task_id: first.id })}
        >
          <WalkIcon /> {t(DEPART)}
        </button>
      )}
      {progress !== "arrived" && (
        <button
          type="button"
          class={progress === "departed" ? "button button--primary" : "button"}
          onClick={() => void tell({ report: "arrive", task_id: first.id })}
        >
          <DoorIcon /> {t(ARRIVE)}
        </button>
      )}
      <button
        type="button"
        class={progress === "arrived" ? "button button--primary actions__wide" : "button actions__wide"}
        onClick={() => go(tab, "record", stop.key)}
      >
        <PencilIcon /> {t(RECORD)}
      </button>
    </div>
  );
}
