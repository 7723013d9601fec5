import { COLON } from "../../texts/ui.ts";
import "./tasks.css";
import { useState } from "preact/hooks";
import { BULK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { CrossIcon } from "../../ui/icons.tsx";
import { refusal } from "../../ui/refusal.ts";
import { say } from "../../ui/toasts.tsx";
import { addresses } from "../board/addresses.ts";
import { shown } from "../board/board.ts";
import { kindName, mayChange, points, selection } from "../model.ts";
import { type BulkItem, type Deed, type Done, doToAll } from "./byHand.ts";
import { GiveMany } from "./GiveMany.tsx";
import { CancelDialog, ReleaseDialog } from "./Reasons.tsx";
import { listed } from "./words.ts";

interface BulkBarProps {
  /** The tasks that are chosen. */
  ids: readonly string[];
  /** All of them are done with. */
  done: () => void;
}

/** Does one thing to many tasks, and says of each that could not be done why. Those stay chosen. */
export function BulkBar({ ids, done }: BulkBarProps) {
  const [asking, setAsking] = useState<"" | "assign" | "release" | "cancel">("");
  const [progress, setProgress] = useState<{ done: number; all: number }>();
  const [outcome, setOutcome] = useState<Done>();
  const close = () => setAsking("");
  const act = async (deed: Deed) => {
    close();
    setOutcome(undefined);
    setProgress({ done: 0, all: ids.length });
    const result = await doToAll(ids, deed, (answered) => setProgress({ done: answered, all: ids.length }));
    setProgress(undefined);
    const over = new Set(result.items.filter(({ status }) => status === "done").map(({ task_id }) => task_id));
    // What was ticked meanwhile stays ticked.
    selection.value = new Set([...selection.value].filter((id) => !over.has(id)));
    if (over.size < ids.length) setOutcome(result);
    else {
      say(t(BULK.allDone, { n: ids.length }), "good");
      if (selection.value.size === 0) done();
    }
  };
  if (!mayChange.value || (ids.length === 0 && !outcome && !progress)) return null;
  const asked = { count: ids.length, onClose: close };
  const seen = new Set(shown.value.map(({ id }) => id));
  const unseen = ids.filter((id) => !seen.has(id)).length;
  return (
    <section class="bulk" aria-label={t(BULK.label)}>
      <div class="row bulk__head">
        <strong>{t(BULK.chosen, { n: ids.length })}</strong>
        {unseen > 0 && <span class="bulk__unseen">{t(BULK.chosenUnseen, { n: unseen })}</span>}
        <button
          type="button"
          class="button button--quiet"
          onClick={() => {
            setOutcome(undefined);
            done();
          }}
        >
          <CrossIcon /> {t(BULK.clear)}
        </button>
      </div>
      <div class="row">
        {(["assign", "release", "cancel"] as const).map((action) => (
          <button
            type="button"
            key={action}
            class={action === "cancel" ? "button button--danger" : "button"}
            disabled={progress !== undefined || ids.length === 0}
            onClick={() => setAsking(action)}
          >
            {t(action === "assign" ? BULK.give : BULK[action])}
          </button>
        ))}
      </div>
      {progress && (
        <label class="bulk__progress">
          <progress value={progress.done} max={progress.all} /> {t(BULK.going, progress)}
        </label>
      )}
      {outcome && <Outcome outcome={outcome} />}
      {asking === "assign" && (
        <GiveMany ids={ids} onClose={close} act={(team, force) => act({ action: "assign", team, force })} />
      )}
      {asking === "release" && <ReleaseDialog {...asked} act={() => act({ action: "release" })} />}
      {asking === "cancel" && <CancelDialog {...asked} act={(reason) => act({ action: "cancel", reason })} />}
    </section>
  );
}

const MOST_SHOWN = 20;

function Outcome({ outcome }: { outcome: Done }) {
  const refused = outcome.items.filter(({ status }) => status === "refused");
  return (
    <div class="notice notice--warn" role="alert">
      <strong>{t(BULK.someDone, { done: outcome.items.length - refused.length, refused: refused.length })}</strong>
      {outcome.error !== undefined && <p>{t(BULK.brokeOff)}</p>}
      {refused.length > 0 && <p>{t(BULK.stay)}</p>}
      <ul class="bulk__refused">
        {refused.slice(0, MOST_SHOWN).map((item) => (
          <RefusedItem key={item.task_id} item={item} />
        ))}
      </ul>
      {refused.length > MOST_SHOWN && <p>{t(BULK.more, { n: refused.length - MOST_SHOWN })}</p>}
    </div>
  );
}

function RefusedItem({ item }: { item: BulkItem }) {
  const kind = points.value.get(item.task_id)?.kind;
  const address = addresses.value.get(item.task_id)?.address;
  return (
    <li>
      <a href={`#/task/${item.task_id}`}>
        {kind ? listed([kindName(kind), address ?? ""].filter(Boolean)) : item.task_id}
      </a>
      {item.problem && `${t(COLON)}${refusal(item.problem)}`}
    </li>
  );
}
