import { useState } from "preact/hooks";
import { answered, api } from "../../../api/client.ts";
import { SHIFTS } from "../../../texts/console-shifts.ts";
import { t } from "../../../texts/language.ts";
import { say } from "../../../ui/toasts.tsx";
import { useSending } from "../asked.ts";
import { Confirm } from "../Confirm.tsx";
import type { Shift } from "./plan.ts";

interface RemoveShiftProps {
  shift: Shift;
  onRemoved: () => void;
  onClose: () => void;
}

export function RemoveShift({ shift, onRemoved, onClose }: RemoveShiftProps) {
  const [asking, setAsking] = useState(false);
  const sending = useSending();
  const remove = () =>
    sending.run(async () => {
      await answered(api.DELETE("/v1/shifts/{id}", { params: { path: { id: shift.id } } }));
      say(t(SHIFTS.removed), "good");
      onRemoved();
      onClose();
    });
  return (
    <>
      <button type="button" class="button button--danger" onClick={() => setAsking(true)}>
        {t(SHIFTS.remove)}
      </button>
      {asking && (
        <Confirm
          title={t(SHIFTS.remove)}
          says={t(SHIFTS.removeWhy)}
          yes={t(SHIFTS.remove)}
          sending={sending}
          onYes={remove}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
