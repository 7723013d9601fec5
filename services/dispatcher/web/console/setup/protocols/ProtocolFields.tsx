import { PROTOCOLS } from "../../../texts/console-follow-ups.ts";
import { CLASS } from "../../../texts/console-people.ts";
import { t } from "../../../texts/language.ts";
import { fieldError } from "../../../ui/refusal.ts";
import { TextField } from "../../../ui/TextField.tsx";
import { Chips } from "../kinds/Chips.tsx";
import type { Draft } from "./draft.ts";
import { MOST_DAYS } from "./lines.ts";

interface PartProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  error: unknown;
}

/** What it is called, how long it is, and when somebody counts as lost. */
export function NameFields({ draft, set, error }: PartProps) {
  return (
    <>
      <div class="setup__three">
        <TextField
          label={t(PROTOCOLS.nameZh)}
          error={fieldError(error, "names")}
          lang="zh-CN"
          maxLength={100}
          autocomplete="off"
          value={draft.zh}
          onText={(zh) => set({ zh })}
        />
        <TextField
          label={t(PROTOCOLS.nameEn)}
          lang="en"
          maxLength={100}
          autocomplete="off"
          value={draft.en}
          onText={(en) => set({ en })}
        />
        <TextField
          label={t(PROTOCOLS.code)}
          hint={t(PROTOCOLS.codeHint)}
          error={fieldError(error, "code")}
          maxLength={63}
          autocomplete="off"
          autocapitalize="none"
          value={draft.code}
          onText={(code) => set({ code })}
        />
      </div>
      <div class="setup__pair">
        <TextField
          label={t(PROTOCOLS.days)}
          error={fieldError(error, "days")}
          type="number"
          min={1}
          max={MOST_DAYS}
          value={draft.days}
          onText={(days) => set({ days })}
        />
        <TextField
          label={t(PROTOCOLS.lost)}
          hint={t(PROTOCOLS.lostHint)}
          error={fieldError(error, "lost_after_days")}
          type="number"
          min={1}
          max={MOST_DAYS}
          value={draft.lost}
          onText={(lost) => set({ lost })}
        />
      </div>
    </>
  );
}

const CLASSES = ["close", "secondary"] as const;

/** Which contacts get it by themselves, and whether it is in use. */
export function ContactsChoice({ draft, set, error }: PartProps) {
  return (
    <>
      <Chips
        legend={t(PROTOCOLS.contacts)}
        hint={t(PROTOCOLS.contactsHint)}
        options={CLASSES.map((one) => [one, t(CLASS[one])])}
        chosen={draft.contacts}
        choose={(chosen) => set({ contacts: CLASSES.filter((one) => chosen.includes(one)) })}
        error={fieldError(error, "for_contacts")}
      />
      <label class="setup__check">
        <input
          type="checkbox"
          checked={draft.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        {t(PROTOCOLS.active)}
      </label>
    </>
  );
}
