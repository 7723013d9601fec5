import "./handover.css";
import { HANDOVER } from "../../texts/console-handover.ts";
import { t } from "../../texts/language.ts";
import { STATUS } from "../../texts/words.ts";
import { dayAndClock } from "../../ui/time.ts";
import { Sign } from "../board/Sign.tsx";
import { district, isClosed, kindName } from "../model.ts";
import { now } from "../now.ts";
import type { HandedOver } from "./useEndOfShift.ts";

/** One task that was handed over: which, to whom (or from whom), where it is now, and the note. */
export function Handed({ handed, came = false }: { handed: HandedOver; came?: boolean }) {
  return (
    <li class="handover__task">
      {isClosed(handed.status) ? (
        <span class="badge">{t(STATUS[handed.status])}</span>
      ) : (
        <Sign status={handed.status} />
      )}
      <a href={`#/task/${handed.task_id}`}>{handed.address || kindName(handed.kind)}</a>
      <span class="handover__quiet">{came ? t(HANDOVER.from, { team: handed.from_team }) : where(handed)}</span>
      <Rest handed={handed} />
    </li>
  );
}

/** When, by whom, and what was said. */
function Rest({ handed }: { handed: HandedOver }) {
  const zone = district.value?.time_zone ?? "UTC";
  const by = handed.member ? t(HANDOVER.by, { name: handed.member }) : t(HANDOVER.byEnd);
  return (
    <>
      <span class="handover__quiet handover__whole">
        {dayAndClock(handed.at, zone, now.value)} · {by}
      </span>
      {handed.note && <q class="handover__note">{handed.note}</q>}
    </>
  );
}

/** To whom it went, and who has it now where that is somebody else. */
function where({ to_team_id, to_team, holder_id, holder }: HandedOver): string {
  const went = to_team ? t(HANDOVER.to, { team: to_team }) : t(HANDOVER.toNobody);
  return holder && holder_id !== to_team_id ? `${went} · ${t(HANDOVER.holder, { team: holder })}` : went;
}

/** The same on the task itself, the newest first. */
export function TaskHandovers({ handovers }: { handovers: readonly HandedOver[] }) {
  if (handovers.length === 0) return null;
  return (
    <section class="handover">
      <h3>{t(HANDOVER.title)}</h3>
      <ul class="handover__list">
        {[...handovers].reverse().map((handed) => (
          <li key={handed.id} class="handover__task">
            <strong class="handover__whole">
              {t(HANDOVER.fromTo, { from: handed.from_team, to: handed.to_team ?? t(HANDOVER.nobody) })}
            </strong>
            <Rest handed={handed} />
          </li>
        ))}
      </ul>
    </section>
  );
}
