import { answered, api } from "../../api/client.ts";
import { IN_TASK } from "../../texts/console-follow-ups.ts";
import { t } from "../../texts/language.ts";
import { dayOfPlan, protocolName } from "../people/follow-ups/words.ts";
import { useAsked, useEvents } from "../setup/asked.ts";
import type { Task } from "./useTask.ts";

/** That the task's person is under follow-up, how far it is, and the way there. */
export function TaskFollowUp({ task }: { task: Task }) {
  const id = task.subject?.id;
  const asked = useAsked(async () => {
    if (!id) return undefined;
    const query = { subject_id: id, status: ["under_follow_up" as const], limit: 1 };
    return (await answered(api.GET("/v1/follow-ups", { params: { query } }))).items[0];
  }, [id]);
  useEvents(["follow_up.started", "follow_up.changed", "follow_up.ended"], asked.again);
  const one = asked.value;
  if (!one || one.subject.id !== id) return null;
  return (
    <section>
      <h3>{t(IN_TASK.title)}</h3>
      <p>
        {protocolName(one.protocol_names, one.protocol)} · {dayOfPlan({ ...one, today: one.on_day })}
      </p>
      <p>
        <a href={`#/people/follow-ups/${one.follow_up_id}`}>{t(IN_TASK.open)}</a>
      </p>
    </section>
  );
}
