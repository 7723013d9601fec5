import { answered, api } from "../../../api/client.ts";
import { REST } from "../../../texts/console-rosters.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { dayAndClock } from "../../../ui/time.ts";
import { now } from "../../now.ts";
import { useSending } from "../asked.ts";
import type { Member } from "./Members.tsx";

interface SuitOffProps {
  member: Member & { suit_since: string };
  timeZone: string;
  onSaved: (saved: Member) => void;
}

/** Says for a member who cannot, or forgot, that the protective suit is off. */
export function SuitOff({ member, timeZone, onSaved }: SuitOffProps) {
  const sending = useSending();
  const takeOff = () =>
    sending.run(async () => {
      const params = { path: { id: member.id } };
      onSaved(await answered(api.PATCH("/v1/members/{id}", { params, body: { suit: false } })));
    });
  return (
    <div class="row">
      <span>{t(REST.inSuit, { time: dayAndClock(member.suit_since, timeZone, now.value) })}</span>
      <button type="button" class="button" disabled={sending.busy} onClick={takeOff}>
        {t(REST.suitOff)}
      </button>
      <ProblemNote error={sending.error} />
    </div>
  );
}

/** Whether the member wears one. */
export function wearsSuit(member: Member | null): member is Member & { suit_since: string } {
  return Boolean(member?.suit_since);
}
