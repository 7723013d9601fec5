-- Who was exposed to whom, as contacts are imported; and which member makes a call.

CREATE TABLE contacts (
    id            uuid PRIMARY KEY,
    district_id   uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    index_id      uuid NOT NULL,         -- the subject to whom the other one was exposed
    subject_id    uuid NOT NULL,         -- the one who was exposed
    class         text NOT NULL CHECK (class IN ('close', 'secondary')),
    last_exposure date,                  -- a day of the district; NULL: not known
    note          text NOT NULL DEFAULT '',
    said          jsonb NOT NULL DEFAULT '{}',   -- what imports said of the person otherwise than it is known: {"name": ["…"], "phone": …}
    task_id       uuid,                  -- the trace call, or the visit in its place
    plan_wanted   boolean NOT NULL DEFAULT false,   -- the district's policy on follow-ups of contacts is still to be applied
    follow_up_id  uuid,                  -- that it started, or under which the person was already
    plan_refused  text,                  -- why it started none: an error's code
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CONSTRAINT contacts_of_another CHECK (index_id <> subject_id),
    CONSTRAINT contacts_once UNIQUE NULLS NOT DISTINCT (index_id, subject_id, last_exposure),
    FOREIGN KEY (district_id, index_id) REFERENCES subjects (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, subject_id) REFERENCES subjects (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE SET NULL (task_id),
    FOREIGN KEY (district_id, follow_up_id) REFERENCES follow_ups (district_id, id) ON DELETE SET NULL (follow_up_id)
);
CREATE INDEX contacts_of_subject ON contacts (subject_id);
CREATE INDEX contacts_listed ON contacts (district_id, id);
CREATE INDEX contacts_to_plan ON contacts (created_at, id) WHERE plan_wanted;
CREATE INDEX contacts_of_task ON contacts (task_id) WHERE task_id IS NOT NULL;

-- What makes two ways of writing a number one: its last eleven digits, so that one with its country's code finds one without.
CREATE INDEX subjects_dialled ON subjects (district_id, right(translate(phone, '+ ()-', ''), 11)) WHERE phone <> '';

-- Of a call: who on the team makes it. NULL: a visit, or given by a process of the release before.
ALTER TABLE assignments ADD COLUMN caller_id uuid;
ALTER TABLE assignments ADD CONSTRAINT assignments_caller FOREIGN KEY (district_id, caller_id) REFERENCES members (district_id, id);
CREATE INDEX assignments_open_calls ON assignments (caller_id) WHERE ended_at IS NULL AND caller_id IS NOT NULL;
