-- Kinds with versioned forms; tasks, assignments, routes; visits and the reports of phones; events.

CREATE TABLE kinds (
    id                    uuid PRIMARY KEY,
    district_id           uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    code                  text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,62}$'),
    names                 jsonb NOT NULL,                  -- {"en": …, "zh": …}
    channel               text NOT NULL CHECK (channel IN ('visit', 'phone')),
    service_s             integer NOT NULL CHECK (service_s BETWEEN 0 AND 86400),
    required_roles        text[] NOT NULL,
    required_capabilities text[] NOT NULL DEFAULT '{}',
    due_after_s           integer CHECK (due_after_s > 0), -- NULL: the end of the district's day
    priority              smallint NOT NULL CHECK (priority BETWEEN 1 AND 5),
    max_attempts          integer NOT NULL CHECK (max_attempts > 0),
    retry_after_s         integer NOT NULL CHECK (retry_after_s >= 0),
    expires               boolean NOT NULL DEFAULT false,  -- worthless once its window is over
    follow_on             jsonb NOT NULL DEFAULT '{}',     -- {"fever": ["home_swab"], …}: alert code → kinds of the tasks it makes
    form_version          integer NOT NULL DEFAULT 1,
    active                boolean NOT NULL DEFAULT true,
    created_at            timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, code),
    UNIQUE (district_id, id)
);

CREATE TABLE kind_forms (
    kind_id     uuid NOT NULL REFERENCES kinds ON DELETE CASCADE,
    version     integer NOT NULL,
    schema      jsonb NOT NULL,        -- JSON Schema 2020-12 of a visit's result
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind_id, version)
);

CREATE TABLE tasks (
    id              uuid PRIMARY KEY,
    district_id     uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    ref             text,
    body_hash       bytea,             -- of the request that made it: the same ref with another body is a conflict
    kind_id         uuid NOT NULL,
    household_id    uuid,
    subject_id      uuid,
    grid_id         uuid,
    channel         text NOT NULL CHECK (channel IN ('visit', 'phone')),
    lat             double precision CHECK (lat BETWEEN -90 AND 90),
    lon             double precision CHECK (lon BETWEEN -180 AND 180),
    earliest        timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    expires         boolean NOT NULL DEFAULT false,
    priority        smallint NOT NULL CHECK (priority BETWEEN 1 AND 5),
    roles           text[] NOT NULL,
    capabilities    text[] NOT NULL DEFAULT '{}',
    service_s       integer NOT NULL CHECK (service_s >= 0),
    instructions    text NOT NULL DEFAULT '',
    status          text NOT NULL DEFAULT 'pending' CHECK (status IN
                        ('pending', 'assigned', 'accepted', 'in_progress', 'completed', 'not_executable', 'cancelled', 'expired')),
    waiting_reason  text CHECK (waiting_reason IN
                        ('being_planned', 'opens_later', 'no_team_on_shift', 'role_missing', 'capability_missing', 'all_teams_full', 'no_location', 'outside_every_grid')),
    waiting_detail  jsonb NOT NULL DEFAULT '{}',
    plan_at         timestamptz,       -- when the placer looks at it (again)
    assignment_id   uuid,
    team_id         uuid,
    attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts    integer NOT NULL CHECK (max_attempts > 0),
    declined_in     uuid[] NOT NULL DEFAULT '{}',  -- the shifts whose teams declined it: it does not come back to them
    closed_at       timestamptz,
    closed_reason   text NOT NULL DEFAULT '',
    made_by_task_id uuid REFERENCES tasks,  -- the task whose visit made this one
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, id),
    CHECK (earliest <= due_at),
    CHECK ((lat IS NULL) = (lon IS NULL)),
    CONSTRAINT tasks_pending_says_why CHECK ((status = 'pending') = (waiting_reason IS NOT NULL)),
    CONSTRAINT tasks_pending_is_looked_at CHECK ((status = 'pending') = (plan_at IS NOT NULL)),
    CONSTRAINT tasks_held_by_a_team CHECK ((status IN ('assigned', 'accepted', 'in_progress')) = (assignment_id IS NOT NULL)
                                           AND (assignment_id IS NULL) = (team_id IS NULL)),
    CONSTRAINT tasks_closed_has_a_time CHECK ((status IN ('completed', 'not_executable', 'cancelled', 'expired')) = (closed_at IS NOT NULL)),
    FOREIGN KEY (district_id, kind_id) REFERENCES kinds (district_id, id),
    FOREIGN KEY (district_id, household_id) REFERENCES households (district_id, id),
    FOREIGN KEY (district_id, subject_id) REFERENCES subjects (district_id, id),
    FOREIGN KEY (district_id, grid_id) REFERENCES grids (district_id, id) ON DELETE SET NULL (grid_id)
);
CREATE UNIQUE INDEX tasks_ref ON tasks (district_id, ref) WHERE ref IS NOT NULL;
CREATE INDEX tasks_due_for_planning ON tasks (plan_at, district_id) WHERE status = 'pending';
CREATE INDEX tasks_open ON tasks (district_id, due_at) WHERE closed_at IS NULL;
CREATE INDEX tasks_of_team ON tasks (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX tasks_of_household ON tasks (household_id) WHERE closed_at IS NULL;
CREATE INDEX tasks_of_subject ON tasks (subject_id) WHERE closed_at IS NULL;
CREATE INDEX tasks_listed ON tasks (district_id, id);
CREATE INDEX tasks_grid ON tasks (grid_id) WHERE grid_id IS NOT NULL;
CREATE INDEX tasks_expiring ON tasks (due_at) WHERE closed_at IS NULL AND expires;

CREATE TABLE assignments (
    id          uuid PRIMARY KEY,
    district_id uuid NOT NULL,
    task_id     uuid NOT NULL,
    team_id     uuid NOT NULL,
    members     jsonb NOT NULL,        -- [{"member_id": …, "role": …}] on the team when it was given
    reason      jsonb NOT NULL,        -- why this team: added travel, home grid, slack to the deadline
    pinned      boolean NOT NULL DEFAULT false,
    assigned_at timestamptz NOT NULL,
    accepted_at timestamptz,
    departed_at timestamptz,
    arrived_at  timestamptz,
    ended_at    timestamptz,
    end_reason  text CHECK (end_reason IN ('replanned', 'released', 'declined', 'off_duty', 'shift_ended', 'completed', 'visited_by_another',
                                           'retry', 'not_executable', 'cancelled', 'expired', 'reassigned')),
    UNIQUE (task_id, id),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, team_id) REFERENCES teams (district_id, id)
);
CREATE UNIQUE INDEX assignments_one_live_per_task ON assignments (task_id) WHERE ended_at IS NULL;
CREATE INDEX assignments_of_task ON assignments (task_id, assigned_at);
CREATE INDEX assignments_of_team ON assignments (team_id, assigned_at);
ALTER TABLE tasks ADD FOREIGN KEY (id, assignment_id) REFERENCES assignments (task_id, id) DEFERRABLE INITIALLY DEFERRED;

-- One row a team, replaced whole: [{"task_ids": […], "arrive_at": …, "leave_at": …, "travel_s": …, "begin_at": [… of each task]}] in the order of the walk.
CREATE TABLE routes (
    team_id     uuid PRIMARY KEY REFERENCES teams ON DELETE CASCADE,
    version     bigint NOT NULL,
    task_ids    uuid[] NOT NULL DEFAULT '{}',
    stops       jsonb NOT NULL DEFAULT '[]',
    planned_at  timestamptz NOT NULL
);

CREATE TABLE visits (
    id            uuid PRIMARY KEY,    -- made by the phone
    district_id   uuid NOT NULL,
    task_id       uuid NOT NULL,
    team_id       uuid,
    assignment_id uuid,                -- the team's live assignment when the visit counted for it
    member_id     uuid NOT NULL,
    members       jsonb NOT NULL,
    outcome       text NOT NULL CHECK (outcome IN ('seen_ok', 'seen_not_ok', 'unavailable', 'refused', 'wrong_address', 'unsafe')),
    result        jsonb NOT NULL DEFAULT '{}',
    form_version  integer NOT NULL,
    needs_review  text[] NOT NULL DEFAULT '{}',   -- why a person should look: result_breaks_form, task_was_closed, not_held_by_team, …
    note          text NOT NULL DEFAULT '',
    device_at     timestamptz NOT NULL,
    corrected_at  timestamptz NOT NULL,           -- device_at mended by the envelope's sent_at
    received_at   timestamptz NOT NULL,
    replaces_id   uuid REFERENCES visits,
    struck_at     timestamptz,                    -- entered in error: kept, struck
    struck_by     uuid,
    CHECK ((struck_at IS NULL) = (struck_by IS NULL)),
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, team_id) REFERENCES teams (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES members (district_id, id)
);
CREATE INDEX visits_of_task ON visits (task_id, received_at);
CREATE INDEX visits_of_member ON visits (member_id, received_at);
CREATE INDEX visits_of_team ON visits (team_id, received_at);

-- What phones said, as they said it, with the answer they got: said again, the same answer.
CREATE TABLE reports (
    id           uuid PRIMARY KEY,     -- made by the phone
    district_id  uuid NOT NULL,
    member_id    uuid NOT NULL,
    kind         text NOT NULL,
    body         jsonb NOT NULL,
    body_hash    bytea NOT NULL,
    device_at    timestamptz NOT NULL,
    corrected_at timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    answer       jsonb NOT NULL,
    FOREIGN KEY (district_id, member_id) REFERENCES members (district_id, id) ON DELETE CASCADE
);
CREATE INDEX reports_of_member ON reports (member_id, received_at);

-- Positions in the stream are (tx, id). Sequence order is not commit order, so readers stay below event_horizon(). A restored dump meets
-- smaller transaction numbers than it was written with: event_offset() is raised then, by doorstep_settle_event_clock() at every migration.
CREATE FUNCTION event_offset() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint';
CREATE FUNCTION event_clock() RETURNS bigint LANGUAGE sql VOLATILE AS
    'SELECT pg_current_xact_id()::text::bigint + event_offset()';
CREATE FUNCTION event_horizon() RETURNS bigint LANGUAGE sql STABLE AS  -- stable: by the reading statement's own snapshot
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + event_offset()';

CREATE TABLE events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tx          bigint NOT NULL DEFAULT event_clock(),
    district_id uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    name        text NOT NULL CHECK (name ~ '^[a-z_]+\.[a-z_]+$'),
    task_id     uuid,
    team_id     uuid,
    member_id   uuid,
    account_id  uuid,                  -- who did it, where it was a person or program at a desk
    data        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX events_stream ON events (district_id, tx, id);
CREATE INDEX events_in_order ON events (tx, id);
CREATE INDEX events_of_task ON events (task_id, tx, id) WHERE task_id IS NOT NULL;

CREATE FUNCTION doorstep_settle_event_clock() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    newest bigint := coalesce((SELECT max(tx) FROM events), 0);
BEGIN
    IF newest >= event_clock() THEN
        EXECUTE format('CREATE OR REPLACE FUNCTION event_offset() RETURNS bigint LANGUAGE sql IMMUTABLE AS %L',
                       format('SELECT %s::bigint', event_offset() + newest - event_clock() + 1));
    END IF;
END $$;
