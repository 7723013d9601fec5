import { useState } from "preact/hooks";
import { answered, api, Refused, type Schemas } from "../../../api/client.ts";
import { ONE } from "../../../texts/console-follow-ups.ts";
import { FOLLOW_UP_STATUS } from "../../../texts/console-people.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { type District, mayChange } from "../../model.ts";
import { now } from "../../now.ts";
import { go } from "../../router.ts";
import { useAsked, useEvents } from "../../setup/asked.ts";
import { wallClock } from "../../zone.ts";
import { ChangeDialog } from "./ChangeDialog.tsx";
import { ConvertDialog } from "./ConvertDialog.tsx";
import { DayGrid } from "./DayGrid.tsx";
import { EndDialog } from "./EndDialog.tsx";
import { Facts } from "./Facts.tsx";
import { NEWS } from "./news.ts";
import { useProtocols } from "./useProtocols.ts";
import { dayOfPlan, personName, protocolName, TONE } from "./words.ts";

type Detail = Schemas["FollowUpDetail"];
type Doing = "change" | "end" | "convert";

/** One person's follow-up: how far it is, day by day, and what may be done with it. */
export function OneFollowUp({ district, id }: { district: District; id: string }) {
  const asked = useAsked(() => answered(api.GET("/v1/follow-ups/{id}", { params: { path: { id } } })), [id]);
  useEvents(NEWS, asked.again);
  const isGone = asked.error instanceof Refused && [404, 422].includes(asked.error.problem.status);
  return (
    <>
      <a href="#/people/follow-ups">← {t(ONE.all)}</a>
      {isGone ? <p class="notice notice--info">{t(ONE.gone)}</p> : <ProblemNote error={asked.error} />}
      {asked.value && !isGone && <Shown district={district} followUp={asked.value} again={asked.again} />}
    </>
  );
}

interface ShownProps {
  district: District;
  followUp: Detail;
  again: () => void;
}

function Shown({ district, followUp, again }: ShownProps) {
  const today = wallClock(now.value, district.time_zone).slice(0, 10);
  return (
    <>
      <div class="people__lead">
        <h2 class="people__title">{personName(followUp.subject)}</h2>
        <span class={`badge badge--${TONE[followUp.status]}`}>{t(FOLLOW_UP_STATUS[followUp.status])}</span>
        <span>{protocolName(followUp.protocol_names, followUp.protocol)}</span>
        <span>{dayOfPlan({ ...followUp, today })}</span>
      </div>
      {mayChange.value && followUp.status === "under_follow_up" && (
        <Actions district={district} followUp={followUp} again={again} />
      )}
      <Facts followUp={followUp} zone={district.time_zone} />
      <DayGrid followUp={followUp} today={today} />
    </>
  );
}

function Actions({ district, followUp, again }: ShownProps) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const protocols = useProtocols(district);
  const close = () => setDoing(null);
  const done = () => {
    close();
    again();
  };
  return (
    <>
      <div class="row">
        <button type="button" class="button" onClick={() => setDoing("change")}>
          {t(ONE.change)}
        </button>
        <button type="button" class="button" onClick={() => setDoing("convert")}>
          {t(ONE.convert)}
        </button>
        <button type="button" class="button button--danger" onClick={() => setDoing("end")}>
          {t(ONE.end)}
        </button>
      </div>
      {doing === "change" && <ChangeDialog followUp={followUp} onClose={close} onDone={done} />}
      {doing === "end" && <EndDialog followUp={followUp} onClose={close} onDone={done} />}
      {doing === "convert" && (
        <ConvertDialog
          followUp={followUp}
          protocols={protocols.value ?? []}
          onClose={close}
          onDone={(id) => {
            close();
            go(`/people/follow-ups/${id}`);
          }}
        />
      )}
    </>
  );
}
