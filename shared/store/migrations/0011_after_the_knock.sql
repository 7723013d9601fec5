-- After the knock: what a kind says about the next attempt, about what follows from a visit and about visits that look wrong;
-- what did follow, so that a correction can take it back; and who looked at a visit that needed it. All rules are off where kinds are there.

ALTER TABLE kinds
    ADD COLUMN retry_elsewhen boolean NOT NULL DEFAULT false,   -- the next attempt opens in another part of the day
    ADD COLUMN then_follow_up jsonb NOT NULL DEFAULT '{}',      -- {"completed": {"end": "completed"}, "fever": {"convert_to": "fever"}}
    ADD COLUMN raises_alarm   text[] NOT NULL DEFAULT '{}',     -- the triggers that raise an alarm
    ADD COLUMN quick_s        integer CHECK (quick_s BETWEEN 1 AND 86400),      -- NULL: no visit is too quick
    ADD COLUMN far_m          integer CHECK (far_m BETWEEN 1 AND 1000000);      -- NULL: no visit is too far

ALTER TABLE visits
    ADD COLUMN reviewed_at timestamptz,     -- somebody at a desk looked at what needs_review says
    ADD COLUMN reviewed_by uuid,
    ADD CONSTRAINT visits_reviewed_by_somebody CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL));
CREATE INDEX visits_to_review ON visits (district_id, task_id)
    WHERE needs_review <> '{}' AND struck_at IS NULL AND reviewed_at IS NULL;

CREATE TABLE consequences (
    id           uuid PRIMARY KEY,
    district_id  uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    task_id      uuid NOT NULL,         -- whose visit it followed from
    visit_id     uuid,                  -- the first visit that it followed from; NULL: from before this table
    trigger      text NOT NULL CHECK (trigger IN
                     ('fever', 'refused', 'unavailable', 'wrong_address', 'unsafe', 'not_executable', 'completed')),
    what         text NOT NULL CHECK (what IN ('task', 'alarm', 'follow_up')),
    kind_id      uuid,                  -- of a task
    made_id      uuid NOT NULL,         -- the task or alarm that was made, or the follow-up that was ended or converted
    at           timestamptz NOT NULL,
    withdrawn_at timestamptz,           -- a correction took it back
    CHECK ((what = 'task') = (kind_id IS NOT NULL)),
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, kind_id) REFERENCES kinds (district_id, id)
);
-- Each once per task and trigger, as long as it stands.
CREATE UNIQUE INDEX consequences_once ON consequences (task_id, trigger, what, kind_id) NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
CREATE INDEX consequences_of_task ON consequences (task_id);
CREATE INDEX consequences_made ON consequences (made_id);

-- Until now only a fever made tasks. Where a correction had cancelled one and the fever came back, the newest stands.
INSERT INTO consequences (id, district_id, task_id, trigger, what, kind_id, made_id, at, withdrawn_at)
SELECT gen_random_uuid(), district_id, made_by_task_id, 'fever', 'task', kind_id, id, created_at,
       CASE WHEN closed_reason = 'corrected' OR row_number() OVER (PARTITION BY made_by_task_id, kind_id ORDER BY created_at DESC, id DESC) > 1
            THEN coalesce(closed_at, updated_at) END
  FROM tasks
 WHERE made_by_task_id IS NOT NULL;
