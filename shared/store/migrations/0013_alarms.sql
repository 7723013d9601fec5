-- What a person must look at: raised once per level, acknowledged by a person, over when its cause is gone. Leads are the last to be told.

CREATE TABLE alarms (
    id              uuid PRIMARY KEY,
    district_id     uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    what            text NOT NULL CHECK (what IN
                        ('due_soon', 'overdue', 'unaccepted', 'unassigned', 'route_late', 'phone_silent', 'role_short', 'fever', 'refused',
                         'not_executable', 'handover_open', 'rest_broken', 'suit_too_long', 'specimen_late', 'specimen_count_differs',
                         'occurrence_missed', 'subject_lost')),
    about           uuid NOT NULL,             -- the task, else subject, member, team or district
    occasion        text NOT NULL DEFAULT '',  -- which of several times: a changed due time, the next assignment, another shift
    level           text NOT NULL CHECK (level IN ('team', 'coordinator', 'lead')),   -- the highest raised so far
    task_id         uuid,
    team_id         uuid,
    subject_id      uuid,
    member_id       uuid,
    data            jsonb NOT NULL DEFAULT '{}',   -- ids and codes
    raised_at       timestamptz NOT NULL,
    escalate_at     timestamptz,               -- when the next level is raised; NULL: never, or somebody has acknowledged it
    acknowledged_at timestamptz,
    acknowledged_by_account_id uuid REFERENCES accounts,
    acknowledged_by_member_id  uuid,
    cleared_at      timestamptz,               -- its cause is gone, or nothing is left to be done since it was acknowledged
    CONSTRAINT alarms_once UNIQUE (what, about, occasion),
    CONSTRAINT alarms_acknowledged_by_one CHECK (
        (acknowledged_at IS NOT NULL)::int = num_nonnulls(acknowledged_by_account_id, acknowledged_by_member_id)),
    CONSTRAINT alarms_rest CHECK (escalate_at IS NULL OR (acknowledged_at IS NULL AND cleared_at IS NULL)),
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, team_id) REFERENCES teams (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, subject_id) REFERENCES subjects (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, member_id) REFERENCES members (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, acknowledged_by_member_id) REFERENCES members (district_id, id)
);
CREATE INDEX alarms_standing ON alarms (district_id, what) WHERE cleared_at IS NULL;
CREATE INDEX alarms_of_team ON alarms (team_id) WHERE cleared_at IS NULL AND team_id IS NOT NULL;
CREATE INDEX alarms_of_task ON alarms (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX alarms_escalating ON alarms (escalate_at) WHERE escalate_at IS NOT NULL;
CREATE INDEX alarms_listed ON alarms (district_id, id);

-- Each level of an alarm once, whoever raises it.
CREATE TABLE alarm_levels (
    alarm_id    uuid NOT NULL REFERENCES alarms ON DELETE CASCADE,
    level       text NOT NULL CHECK (level IN ('team', 'coordinator', 'lead')),
    due_at      timestamptz NOT NULL,          -- by the clock; a stop may have made it later
    raised_at   timestamptz NOT NULL,
    PRIMARY KEY (alarm_id, level)
);

-- What a district does otherwise than the defaults say.
CREATE TABLE alarm_rules (
    district_id   uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    what          text NOT NULL CHECK (what IN
                      ('due_soon', 'overdue', 'unaccepted', 'unassigned', 'route_late', 'phone_silent', 'role_short', 'fever', 'refused',
                       'not_executable', 'handover_open', 'rest_broken', 'suit_too_long', 'specimen_late', 'specimen_count_differs',
                       'occurrence_missed', 'subject_lost')),
    enabled       boolean NOT NULL,
    after_s       integer CHECK (after_s BETWEEN 0 AND 604800),         -- NULL: the district's own setting, or no clock
    first_level   text NOT NULL CHECK (first_level IN ('team', 'coordinator', 'lead')),
    team_s        integer CHECK (team_s BETWEEN 0 AND 604800),          -- from the team to the coordinator; NULL: not by itself
    coordinator_s integer CHECK (coordinator_s BETWEEN 0 AND 604800),   -- from the coordinator to the lead
    PRIMARY KEY (district_id, what)
);

ALTER TABLE accounts ADD COLUMN leads boolean NOT NULL DEFAULT false;

-- A phone is woken for an alarm as for a task, and told which of the two.
ALTER TABLE push_messages ADD COLUMN what text NOT NULL DEFAULT 'new_urgent_task' CHECK (what IN ('new_urgent_task', 'alarm'));

-- Pending tasks by when their window opened, of each district.
CREATE INDEX tasks_unassigned ON tasks (district_id, earliest) WHERE status = 'pending';
