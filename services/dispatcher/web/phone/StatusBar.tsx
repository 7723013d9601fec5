import { t } from "../texts/language.ts";
import { ALL_SENT, AS_OF, CONNECTION, NO_SHIFT, NO_TEAM, WAIT, WAIT_ONE } from "../texts/phone-shell.ts";
import { clock, dayAndClock } from "../ui/time.ts";
import { serverNow } from "./clock.ts";
import { online } from "./connection.ts";
import { waitingCount } from "./queue.ts";
import { fetchedAt } from "./route.ts";
import { me } from "./session.ts";

/** Always in sight: which team and shift, whether there is a signal, how many reports wait. */
export function StatusBar() {
  const member = me.value?.member;
  const shift = member?.shift;
  const zone = member?.time_zone ?? "UTC";
  return (
    <header class="status">
      <p class="status__team">
        <strong>{member?.team?.name ?? t(NO_TEAM)}</strong>
        <span>{shift ? `${clock(shift.starts_at, zone)}–${clock(shift.ends_at, zone)}` : t(NO_SHIFT)}</span>
      </p>
      <p class="status__line" role="status">
        <span class={`status__connection status__connection--${online.value}`}>{t(CONNECTION[online.value])}</span>
        <Waiting />
        {online.value !== "online" && fetchedAt.value !== null && (
          <span>{t(AS_OF, { time: dayAndClock(new Date(fetchedAt.value), zone, new Date(serverNow())) })}</span>
        )}
      </p>
    </header>
  );
}

function Waiting() {
  const count = waitingCount.value;
  if (count === 0) return <span>{t(ALL_SENT)}</span>;
  return <strong class="status__waiting">{t(count === 1 ? WAIT_ONE : WAIT, { n: count })}</strong>;
}
