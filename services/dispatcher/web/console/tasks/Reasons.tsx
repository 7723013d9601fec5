import { useState } from "preact/hooks";
import { CANCEL, CANCEL_REASONS, RELEASE, RELEASE_CODES } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { useDoing } from "./useDoing.ts";

interface Asked {
  /** How many tasks. */
  count: number;
  /** The team that has it, where it is one task. */
  team?: string | undefined;
  onClose: () => void;
}

/** Asks why, then cancels. `act` raises what stands against it. */
export function CancelDialog({ count, team, onClose, act }: Asked & { act: (reason: string) => Promise<void> }) {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useDoing();
  const submit = (event: Event) => {
    event.preventDefault();
    setMissing(!reason.trim());
    if (reason.trim()) void run(() => act(reason.trim()));
  };
  const many = count > 1;
  return (
    <Dialog title={many ? t(CANCEL.titleMany, { n: count }) : t(CANCEL.title)} onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        {team && <p class="notice notice--warn">{t(CANCEL.warn, { team })}</p>}
        <TextField
          label={t(CANCEL.reason)}
          hint={t(CANCEL.reasonHint)}
          error={missing ? t(CANCEL.needReason) : undefined}
          maxLength={200}
          value={reason}
          onText={setReason}
        />
        <div class="row">
          {CANCEL_REASONS.map((text) => (
            <button type="button" key={text.en} class="chip" onClick={() => setReason(t(text))}>
              {t(text)}
            </button>
          ))}
        </div>
        <ProblemNote error={error} />
        <div class="row row--end">
          <button type="button" class="button" onClick={onClose}>
            {t(CANCEL.keep)}
          </button>
          <button type="submit" class="button button--danger" disabled={busy}>
            {many ? t(CANCEL.doMany, { n: count }) : t(CANCEL.do)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Takes tasks back from their teams; a single one with a code that says why. */
export function ReleaseDialog({ count, team, onClose, act }: Asked & { act: (code: string) => Promise<void> }) {
  const [code, setCode] = useState("");
  const { busy, error, run } = useDoing();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(() => act(code));
  };
  const title = count > 1 ? t(RELEASE.titleMany, { n: count }) : t(RELEASE.title, { team: team ?? "" });
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p>{t(RELEASE.hint)}</p>
        {count === 1 && (
          <fieldset class="task__choices">
            <legend>{t(RELEASE.reason)}</legend>
            {Object.entries(RELEASE_CODES).map(([value, text]) => (
              <label key={value} class="chip">
                <input type="radio" name="why" checked={code === value} onChange={() => setCode(value)} /> {t(text)}
              </label>
            ))}
          </fieldset>
        )}
        <ProblemNote error={error} />
        <div class="row row--end">
          <button type="button" class="button" onClick={onClose}>
            {t(RELEASE.keep)}
          </button>
          <button type="submit" class="button button--primary" disabled={busy}>
            {t(RELEASE.do)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
