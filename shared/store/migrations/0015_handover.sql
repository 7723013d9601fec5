-- Handover at the end of a shift: work that a team said it finishes itself, and what went to whom, with notes.

-- When the team said that it finishes this itself although its shift ends.
ALTER TABLE assignments ADD COLUMN kept_at timestamptz;

CREATE TABLE handovers (
    id           uuid PRIMARY KEY,
    district_id  uuid NOT NULL,
    task_id      uuid NOT NULL,
    from_team_id uuid NOT NULL,
    to_team_id   uuid,                  -- NULL: no team that follows could take it, so it went back to be placed
    shift_id     uuid,                  -- the shift that ends, which may be removed later; NULL: there was none
    member_id    uuid,                  -- who handed it over; NULL: the end of the shift did
    note         text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL,
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, from_team_id) REFERENCES teams (district_id, id),
    FOREIGN KEY (district_id, to_team_id) REFERENCES teams (district_id, id),
    FOREIGN KEY (district_id, member_id) REFERENCES members (district_id, id)
);
CREATE INDEX handovers_of_task ON handovers (task_id, at);
CREATE INDEX handovers_of_shift ON handovers (shift_id, at);
CREATE INDEX handovers_from_team ON handovers (from_team_id, at);
