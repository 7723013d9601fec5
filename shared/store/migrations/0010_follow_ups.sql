-- Follow-ups: protocols (a district's templates), one subject's plan, and the occurrences at which its tasks are due.

CREATE TABLE protocols (
    id              uuid PRIMARY KEY,
    district_id     uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    code            text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,62}$'),
    names           jsonb NOT NULL,                     -- {"en": …, "zh": …}
    days            integer NOT NULL CHECK (days BETWEEN 1 AND 366),
    lines           jsonb NOT NULL,                     -- [{"kind_id": …, "times": [480, 960], "every": 1, "days": null | [1, 4, -1]}]
    ledger          jsonb NOT NULL DEFAULT '[]',        -- [{"code", "names", "kind_ids", "field", "value", "expected"}]
    lost_after_days integer CHECK (lost_after_days > 0), -- NULL: nobody is lost
    for_contacts    text[] NOT NULL DEFAULT '{}',       -- the classes of contacts that get it by themselves
    active          boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, code),
    UNIQUE (district_id, id)
);

CREATE TABLE follow_ups (
    id              uuid PRIMARY KEY,
    district_id     uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    subject_id      uuid NOT NULL,
    protocol_id     uuid,                               -- NULL: given whole
    status          text NOT NULL DEFAULT 'under_follow_up' CHECK (status IN
                        ('under_follow_up', 'completed', 'lost', 'cancelled', 'converted')),
    first_day       date NOT NULL,                      -- days are the district's
    last_day        date NOT NULL,
    lines           jsonb NOT NULL,                     -- copied from the protocol: changing it changes later follow-ups only
    ledger          jsonb NOT NULL DEFAULT '[]',
    lost_after_days integer CHECK (lost_after_days > 0),
    since           timestamptz NOT NULL,               -- from when on these lines hold
    over_at         timestamptz NOT NULL,               -- the midnight that ends the last day
    lost_at         timestamptz,                        -- lost then, unless somebody sees the subject before: when to look
    replan_at       timestamptz,                        -- the district's clocks changed: what is not made yet is to be planned anew
    made_by_task_id uuid,                               -- the task whose visit made it
    follows_id      uuid,                               -- the follow-up that was converted to this one
    started_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    end_reason      text NOT NULL DEFAULT '',
    version         integer NOT NULL DEFAULT 1,
    UNIQUE (district_id, id),
    CHECK (first_day <= last_day),
    CONSTRAINT follow_ups_ended_has_a_time CHECK ((status = 'under_follow_up') = (ended_at IS NULL)),
    FOREIGN KEY (district_id, subject_id) REFERENCES subjects (district_id, id),
    FOREIGN KEY (district_id, protocol_id) REFERENCES protocols (district_id, id),
    FOREIGN KEY (district_id, made_by_task_id) REFERENCES tasks (district_id, id),
    FOREIGN KEY (district_id, follows_id) REFERENCES follow_ups (district_id, id)
);
CREATE UNIQUE INDEX follow_ups_one_live_per_subject ON follow_ups (subject_id) WHERE ended_at IS NULL;
CREATE INDEX follow_ups_over ON follow_ups (over_at) WHERE ended_at IS NULL;
CREATE INDEX follow_ups_lost ON follow_ups (lost_at) WHERE ended_at IS NULL AND lost_at IS NOT NULL;
CREATE INDEX follow_ups_to_replan ON follow_ups (replan_at) WHERE replan_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX follow_ups_listed ON follow_ups (district_id, id);
CREATE INDEX follow_ups_live ON follow_ups (district_id, id) WHERE ended_at IS NULL;
CREATE INDEX follow_ups_of_subject ON follow_ups (subject_id, id);

-- Written for the whole plan when it starts or changes; each gets its task in the transaction that takes the task in.
CREATE TABLE follow_up_occurrences (
    id           uuid PRIMARY KEY,
    district_id  uuid NOT NULL,
    follow_up_id uuid NOT NULL,
    kind_id      uuid NOT NULL,
    day          integer NOT NULL CHECK (day > 0),                     -- 1: the first
    on_day       date NOT NULL,
    minute       integer NOT NULL CHECK (minute BETWEEN 0 AND 1439),   -- of the district's day
    opens_at     timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL,       -- the next one of its kind opens, or the plan is over: not done by then, it is missed
    task_id      uuid UNIQUE,
    refused      text,                       -- why no task could be made: an error's code
    made_at      timestamptz,                -- when it got its task, or was refused one
    settled_at   timestamptz,                -- looked at after it ended
    missed_at    timestamptz,                -- not done by its end; a visit may still come
    withdrawn_at timestamptz,                -- the plan was ended or changed before a team accepted it
    CHECK (opens_at < ends_at AND opens_at <= due_at AND due_at <= ends_at),
    CONSTRAINT occurrences_made_or_refused CHECK ((made_at IS NULL) = (task_id IS NULL AND refused IS NULL)),
    FOREIGN KEY (district_id, follow_up_id) REFERENCES follow_ups (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, kind_id) REFERENCES kinds (district_id, id),
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id)
);
-- The promise: whatever restarts, races and clocks do, one occurrence has one task.
CREATE UNIQUE INDEX follow_up_occurrences_once ON follow_up_occurrences (follow_up_id, kind_id, day, minute) WHERE withdrawn_at IS NULL;
CREATE INDEX follow_up_occurrences_to_make ON follow_up_occurrences (district_id, opens_at) WHERE made_at IS NULL;
CREATE INDEX follow_up_occurrences_to_settle ON follow_up_occurrences (ends_at) WHERE settled_at IS NULL AND made_at IS NOT NULL;
CREATE INDEX follow_up_occurrences_of_day ON follow_up_occurrences (district_id, on_day);

-- What each occurrence has become. `missed` counts until a late visit makes it `done`.
CREATE VIEW follow_up_occurrence_states AS
SELECT o.*, t.status AS task_status,
       CASE WHEN o.withdrawn_at IS NOT NULL THEN 'withdrawn'
            WHEN t.status = 'completed' THEN 'done'
            WHEN t.status = 'cancelled' THEN 'cancelled'
            WHEN o.missed_at IS NOT NULL OR o.refused IS NOT NULL OR t.status IN ('expired', 'not_executable') THEN 'missed'
            WHEN o.made_at IS NULL THEN 'planned'
            ELSE 'open'
       END AS state
  FROM follow_up_occurrences o LEFT JOIN tasks t ON t.id = o.task_id;

-- A subject's tasks that were open at some time since: the ledger's way to a day's visits.
CREATE INDEX tasks_of_subject_since ON tasks (subject_id, coalesce(closed_at, 'infinity'::timestamptz)) WHERE subject_id IS NOT NULL;
