import { answered, api } from "../../api/client.ts";
import type { Schema } from "../../forms/schema.ts";
import { AFTER, HISTORY, REVIEW, TASK } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { OUTCOME } from "../../texts/words.ts";
import { ProblemNote } from "../../ui/ProblemNote.tsx";
import { kindName, mayChange, teamName, who } from "../model.ts";
import { linesOf } from "./results.ts";
import { At } from "./TaskFacts.tsx";
import { type Entry, timeline, type Visit } from "./timeline.ts";
import { useDoing } from "./useDoing.ts";
import { type Task, useForms } from "./useTask.ts";
import { roleName, wordOf } from "./words.ts";

/** What teams found, the newest first. */
export function TaskVisits({ task }: { task: Task }) {
  const forms = useForms(
    task.kind,
    task.visits.map((visit) => visit.form_version),
  );
  if (task.visits.length === 0) return null;
  const newest = [...task.visits].sort((one, other) => other.corrected_at.localeCompare(one.corrected_at));
  return (
    <section>
      <h3>{t(TASK.visits)}</h3>
      <ul class="task__visits">
        {newest.map((visit) => (
          <li key={visit.id}>
            <VisitCard visit={visit} form={forms.get(visit.form_version)} redacted={Boolean(task.redacted_at)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface VisitCardProps {
  visit: Visit;
  form: Schema | null | undefined;
  /** What its task told is gone. */
  redacted: boolean;
}

function VisitCard({ visit, form, redacted }: VisitCardProps) {
  const lines = form === undefined ? [] : linesOf(visit.result, form);
  const empty = Object.keys(visit.result).length === 0;
  const role = visit.members.find((one) => one.member_id === visit.member_id)?.role;
  const team = teamName(visit.team_id);
  const tone = visit.outcome === "seen_ok" ? "good" : visit.outcome === "seen_not_ok" ? "bad" : "warn";
  return (
    <article class={visit.struck ? "visit visit--struck" : "visit"}>
      <div class="row">
        <span class={`badge badge--${visit.struck ? "" : tone}`}>{t(OUTCOME[visit.outcome])}</span>
        <At at={visit.corrected_at} />
        {team && <span>{team}</span>}
        {role && <span class="task__quiet">{roleName(role)}</span>}
        {!visit.on_time && <span class="badge badge--warn">{t(HISTORY.late)}</span>}
        {visit.struck && <span class="badge">{t(HISTORY.struck)}</span>}
        {visit.replaces_id && <span class="badge">{t(HISTORY.replaces)}</span>}
      </div>
      <NeedsLook visit={visit} />
      {empty ? (
        <p class="task__quiet">{t(redacted ? HISTORY.redacted : HISTORY.noResult)}</p>
      ) : (
        <dl class="task__facts">
          {lines.map(({ label, value }) => (
            <div key={label} class="task__fact">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {visit.note && <p class="visit__note">{visit.note}</p>}
    </article>
  );
}

/** Why somebody should look at it, until somebody says that they did. */
function NeedsLook({ visit }: { visit: Visit }) {
  const doing = useDoing();
  if (visit.needs_review.length === 0) return null;
  const open = visit.reviewed_at === null && !visit.struck;
  const path = { id: visit.id };
  return (
    <div class={open ? "notice notice--warn stack" : "notice"}>
      <div>
        <strong>{t(HISTORY.review)}</strong>
        {visit.needs_review.map((code) => (
          <div key={code}>{wordOf(REVIEW, code)}</div>
        ))}
      </div>
      {visit.reviewed_at && (
        <span class="badge badge--good">
          {t(AFTER.wasReviewed)} <At at={visit.reviewed_at} />
        </span>
      )}
      {open && mayChange.value && (
        <button
          type="button"
          class="button"
          disabled={doing.busy}
          onClick={() =>
            void doing.run(async () => void (await answered(api.POST("/v1/visits/{id}/review", { params: { path } }))))
          }
        >
          {t(AFTER.reviewed)}
        </button>
      )}
      <ProblemNote error={doing.error} />
    </div>
  );
}

/** What happened, the newest first. */
export function TaskHistory({ task }: { task: Task }) {
  const story = timeline(task, { team: teamName, kind: kindName, me: who.value?.id });
  return (
    <section>
      <h3>{t(TASK.history)}</h3>
      {story.length === 0 ? (
        <p class="task__quiet">{t(HISTORY.nothing)}</p>
      ) : (
        <ol class="story">
          {story.map((entry) => (
            <Told key={entry.key} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Told({ entry }: { entry: Entry }) {
  return (
    <li class={`story__entry story__entry--${entry.tone}`}>
      <span class="story__at">
        <At at={entry.at} />
      </span>
      <div>
        <span class="story__what">{entry.what}</span>
        {entry.by && <span class="task__quiet"> · {entry.by}</span>}
        {entry.detail && <p class="task__quiet">{entry.detail}</p>}
      </div>
    </li>
  );
}
