/** Events after which contacts may stand otherwise. */
export const NEWS: readonly string[] = [
  "contact.added",
  "contact.changed",
  "task.created",
  "task.assigned",
  "task.accepted",
  "task.released",
  "task.completed",
  "task.not_executable",
  "task.cancelled",
  "task.expired",
  "follow_up.started",
  "follow_up.ended",
];
