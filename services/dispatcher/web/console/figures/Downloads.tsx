import { useState } from "preact/hooks";
import { FIGURES } from "../../texts/console-figures.ts";
import { type Text, t } from "../../texts/language.ts";
import { sentence } from "../../ui/refusal.ts";
import { say } from "../../ui/toasts.tsx";
import type { District } from "../model.ts";
import { downloadTable } from "./download.ts";
import type { Range } from "./figures.ts";

/** The tables of these days, for spreadsheets. */
export function Downloads({ district, range: { from, to } }: { district: District; range: Range }) {
  const [busy, setBusy] = useState("");
  const days = new URLSearchParams({ from, to });
  const figures = `/v1/districts/${district.id}/figures?${days}`;
  const tables: readonly { text: Text; path: string }[] = [
    { text: FIGURES.downloadDays, path: figures },
    { text: FIGURES.downloadTeams, path: `${figures}&table=teams` },
    { text: FIGURES.downloadMembers, path: `${figures}&table=members` },
    { text: FIGURES.downloadVisits, path: `/v1/visits?${days}&district=${district.id}` },
  ];
  const get = async (path: string) => {
    if (busy) return;
    setBusy(path);
    await downloadTable(path).catch((error: unknown) => say(sentence(error), "bad"));
    setBusy("");
  };
  return (
    <section class="stack" aria-labelledby="figures-download">
      <h2 id="figures-download">{t(FIGURES.download)}</h2>
      <div class="figures__buttons">
        {tables.map(({ text, path }) => (
          <button
            key={path}
            type="button"
            class="button"
            aria-disabled={busy !== ""}
            aria-busy={busy === path}
            onClick={() => void get(path)}
          >
            {t(text)}
          </button>
        ))}
      </div>
      <p class="figures__quiet">{t(FIGURES.visitsHold)}</p>
    </section>
  );
}
