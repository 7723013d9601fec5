import { useRef, useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import { download } from "../tasks/download.ts";
import { zoneOf } from "../tasks/TaskFacts.tsx";
import type { Sort } from "./sort.ts";

/** Choose or drop the file; what it should look like stands beside. */
export function Choose<Note>({ sort, about }: { sort: Sort<Note>; about: string }) {
  const { texts } = sort;
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const take = (file: File | null | undefined) => {
    if (file) void sort.state.begin(file, about);
  };
  return (
    <>
      <p>{t(texts.intro)}</p>
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
        <span>{t(texts.drop)}</span>
        <button type="button" class="button button--primary" onClick={() => chooser.current?.click()}>
          {t(texts.choose)}
        </button>
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label={t(texts.choose)}
          accept=".csv,.txt,text/csv"
          onChange={(event) => take(event.currentTarget.files?.[0])}
        />
      </div>
      <div class="row">
        <button type="button" class="button" onClick={() => download("doorstep-example.csv", sort.example())}>
          {t(texts.example)}
        </button>
      </div>
      <h3>{t(texts.columns)}</h3>
      <p class="import__columns">
        {sort.columns.map((name) => (
          <code key={name}>{name}</code>
        ))}
      </p>
      <p class="task__quiet">{t(texts.columnsHint, { zone: zoneOf() })}</p>
    </>
  );
}
