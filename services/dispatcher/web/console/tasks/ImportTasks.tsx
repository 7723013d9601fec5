import { answered, api, type Schemas } from "../../api/client.ts";
import { IMPORT } from "../../texts/console-tasks.ts";
import { t } from "../../texts/language.ts";
import { ImportPage } from "../importing/ImportPage.tsx";
import { importing } from "../importing/importing.ts";
import type { Sort } from "../importing/sort.ts";
import { kinds } from "../model.ts";
import { exampleTable, TASK_COLUMNS } from "./exampleTable.ts";

/** An open task that looks like it, or the earlier row that does. */
interface Twin {
  readonly taskId: string | null;
  readonly row: number | null;
}

const PATIENCE_MS = 60_000;

const TASKS: Sort<Twin> = {
  state: importing<Schemas["BatchItem"], Twin>({
    names: ["id", "ref"],
    post: ({ district, body, key }) =>
      answered(
        api.POST(key ? "/v1/tasks/batch" : "/v1/tasks/batch/preview", {
          params: { query: { district } },
          headers: { "Content-Type": "text/csv; charset=utf-8", ...(key ? { "Idempotency-Key": key } : {}) },
          body,
          bodySerializer: (text: unknown) => text as string,
          signal: AbortSignal.timeout(PATIENCE_MS),
        }),
      ),
    noted: ({ warnings }, inFile) => {
      const warning = warnings?.[0];
      return warning ? { taskId: warning.task_id, row: inFile(warning.row) } : null;
    },
  }),
  texts: IMPORT,
  columns: TASK_COLUMNS,
  example: () => exampleTable([...kinds.value.values()]),
  NoteWords: TwinWords,
  leavesOut: true,
  after: { to: "/", text: IMPORT.toBoard },
};

/** A table of tasks. */
export function ImportTasks() {
  return <ImportPage sort={TASKS} />;
}

function TwinWords({ note: { row, taskId } }: { note: Twin }) {
  return (
    <>
      {row ? t(IMPORT.likeRow, { row }) : t(IMPORT.twin)}{" "}
      {taskId && <a href={`#/task/${taskId}`}>{t(IMPORT.openTwin)}</a>}
    </>
  );
}
