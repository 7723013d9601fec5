-- Figures of past days are counted at each asking, so that late reports mend them: these indexes hold what is counted, without the rows.
-- And the list of visits in the order in which they were made.

-- Tasks that lived in a span: not closed before it began, posted before it ended.
CREATE INDEX tasks_by_life ON tasks (district_id, closed_at, created_at);
CREATE INDEX visits_listed ON visits (district_id, corrected_at, id) INCLUDE (team_id, outcome, struck_at);
CREATE INDEX visits_in_order ON visits (corrected_at, id);  -- of all districts, for an admin
CREATE INDEX visits_found ON visits (task_id, corrected_at) INCLUDE (outcome, needs_review, assignment_id) WHERE struck_at IS NULL;
-- Stops whose way is known.
CREATE INDEX assignments_timed ON assignments (district_id, arrived_at) WHERE departed_at IS NOT NULL AND arrived_at IS NOT NULL;
-- What a task waited for, and until when.
CREATE INDEX events_of_waits ON events (task_id, tx, id) INCLUDE (at, name, data)
 WHERE name IN ('task.created', 'task.waiting', 'task.changed', 'task.released', 'task.reopened', 'task.assigned', 'task.completed',
                'task.not_executable', 'task.cancelled', 'task.expired');
CREATE INDEX alarms_raised ON alarms (district_id, raised_at);
