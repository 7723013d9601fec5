/** Events after which follow-ups or their ledgers may stand otherwise. */
export const NEWS: readonly string[] = [
  "follow_up.started",
  "follow_up.changed",
  "follow_up.ended",
  "follow_up.task_refused",
  "occurrence.missed",
  "task.created",
  "task.completed",
  "task.cancelled",
  "task.expired",
  "visit.recorded",
  "visit.corrected",
  "subject.changed",
  "household.changed",
];
