import { useState } from "preact/hooks";
import { t } from "../../texts/language.ts";
import {
  ALL_HERE,
  ALL_WELL,
  APPLIES_TO,
  COLLEAGUES_RECORD,
  FEVER_SAVE,
  NOT_SEEN_CALL,
  NOT_SEEN_TITLE,
  NOT_SEEN_VISIT,
  NOT_WELL,
  ONLY_THIS,
  OUTCOME,
} from "../../texts/phone-views.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { AbsentIcon, CheckIcon, NoPlaceIcon, PencilIcon, RefusedIcon, WarningIcon } from "../../ui/icons.tsx";
import { FeverNotice } from "./FeverNotice.tsx";
import { NOT_SEEN, type Outcome, type PhoneForm } from "./findings.ts";
import { outcomeName } from "./naming.ts";

const ICONS = {
  unavailable: AbsentIcon,
  refused: RefusedIcon,
  wrong_address: NoPlaceIcon,
  unsafe: WarningIcon,
};

interface Props {
  mayFind: boolean;
  /** The form whose line the temperature is above; undefined: no fever. */
  fever: PhoneForm | undefined;
  call: boolean;
  together: number;
  onSay: (outcome: Outcome, all?: boolean) => void;
}

/** What a visit came to: always within reach. A fever leaves no choice between well and not well. */
export function OutcomeBar({ mayFind, fever, call, together, onSay }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <div class="actions outcomes" role="group" aria-label={t(OUTCOME)}>
      {!mayFind && <p class="quiet actions__wide">{t(COLLEAGUES_RECORD)}</p>}
      {mayFind && fever && (
        <>
          <FeverNotice form={fever} />
          <button type="button" class="button outcome outcome--bad actions__wide" onClick={() => onSay("seen_not_ok")}>
            <PencilIcon /> {t(FEVER_SAVE)}
          </button>
        </>
      )}
      {mayFind && !fever && (
        <>
          <button type="button" class="button outcome outcome--good" onClick={() => onSay("seen_ok")}>
            <CheckIcon /> {t(ALL_WELL)}
          </button>
          <button type="button" class="button outcome" onClick={() => onSay("seen_not_ok")}>
            <WarningIcon /> {t(NOT_WELL)}
          </button>
        </>
      )}
      <button type="button" class="button outcome actions__wide" onClick={() => setAsking(true)}>
        <AbsentIcon /> {t(call ? NOT_SEEN_CALL : NOT_SEEN_VISIT)}…
      </button>
      {asking && <NotSeen call={call} together={together} onSay={onSay} onClose={() => setAsking(false)} />}
    </div>
  );
}

type NotSeenProps = Pick<Props, "call" | "together" | "onSay"> & { onClose: () => void };

function NotSeen({ call, together, onSay, onClose }: NotSeenProps) {
  const [all, setAll] = useState(true);
  return (
    <Dialog title={t(NOT_SEEN_TITLE)} onClose={onClose}>
      <div class="stack">
        {together > 1 && (
          <div class="segments" role="group" aria-label={t(APPLIES_TO)}>
            <button type="button" aria-pressed={all} onClick={() => setAll(true)}>
              {t(ALL_HERE, { n: together })}
            </button>
            <button type="button" aria-pressed={!all} onClick={() => setAll(false)}>
              {t(ONLY_THIS)}
            </button>
          </div>
        )}
        <div class="not-seen">
          {NOT_SEEN.map((outcome) => {
            const Icon = ICONS[outcome];
            return (
              <button
                key={outcome}
                type="button"
                class="button outcome"
                onClick={() => onSay(outcome, all && together > 1)}
              >
                <Icon /> {outcomeName(outcome, call)}
              </button>
            );
          })}
        </div>
      </div>
    </Dialog>
  );
}
