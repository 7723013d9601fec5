import { useRef, useState } from "preact/hooks";
import { IMPORT } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { kinds } from "../model.ts";
import { download } from "./download.ts";
import { exampleTable, TASK_COLUMNS } from "./exampleTable.ts";
import { begin } from "./importing.ts";
import { zoneOf } from "./TaskFacts.tsx";

/** Choose or drop the file; what it should look like stands beside. */
export function ImportChoose() {
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const take = (file: File | null | undefined) => {
    if (file) void begin(file);
  };
  return (
    <>
      <p>{t(IMPORT.intro)}</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button inside does the same by keyboard */}
      <div
        class={over ? "drop drop--over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer?.files[0]);
        }}
      >
        <span>{t(IMPORT.drop)}</span>
        <button type="button" class="button button--primary" onClick={() => chooser.current?.click()}>
          {t(IMPORT.choose)}
        </button>
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label={t(IMPORT.choose)}
          accept=".csv,.txt,text/csv"
          onChange={(event) => take(event.currentTarget.files?.[0])}
        />
      </div>
      <div class="row">
        <button
          type="button"
          class="button"
          onClick={() => download("doorstep-example.csv", exampleTable([...kinds.value.values()]))}
        >
          {t(IMPORT.example)}
        </button>
      </div>
      <h3>{t(IMPORT.columns)}</h3>
      <p class="import__columns">
        {TASK_COLUMNS.map((name) => (
          <code key={name}>{name}</code>
        ))}
      </p>
      <p class="task__quiet">{t(IMPORT.columnsHint, { zone: zoneOf() })}</p>
    </>
  );
}
