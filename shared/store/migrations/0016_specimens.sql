-- Specimens on their way to the lab: pick-up points, a leg of transport per point and round, and which swab is on which leg.

CREATE TABLE pick_up_points (
    id           uuid PRIMARY KEY,
    district_id  uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    household_id uuid NOT NULL,          -- the door where the boxes stand: its address and point
    name         text NOT NULL CHECK (name <> ''),
    lab_address  text NOT NULL CHECK (lab_address <> ''),
    kinds        text[] NOT NULL CHECK (kinds <> '{}'),   -- codes of the kinds whose visits leave something there
    active       boolean NOT NULL DEFAULT true,
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, name),
    UNIQUE (district_id, id),
    FOREIGN KEY (district_id, household_id) REFERENCES households (district_id, id)
);
CREATE INDEX pick_up_points_household ON pick_up_points (household_id);

-- A leg is known by its task, so it never has two; a point and round have one.
CREATE TABLE specimen_legs (
    task_id          uuid PRIMARY KEY,
    district_id      uuid NOT NULL,
    pick_up_point_id uuid NOT NULL,
    round_ends_at    timestamptz NOT NULL,
    due_at           timestamptz NOT NULL,   -- at the lab
    visit_id         uuid,                   -- the visit whose counts these are
    expected         integer CHECK (expected >= 0),         -- tubes on the leg when they were counted
    specimens_out    integer CHECK (specimens_out >= 0),    -- taken from the point
    specimens_in     integer CHECK (specimens_in >= 0),     -- handed to the lab
    delivered_at     timestamptz,
    ended_at         timestamptz,            -- counted, or given up; looked at again for two days, because visits are corrected
    late_at          timestamptz,            -- when it was found late
    created_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (pick_up_point_id, round_ends_at),
    UNIQUE (district_id, task_id),
    CHECK ((visit_id IS NULL) = (delivered_at IS NULL)),
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, pick_up_point_id) REFERENCES pick_up_points (district_id, id)
);
CREATE INDEX specimen_legs_by_end ON specimen_legs (ended_at);

CREATE TABLE specimens (
    visit_id    uuid PRIMARY KEY REFERENCES visits ON DELETE CASCADE,   -- the visit that tells of the tube now
    district_id uuid NOT NULL,
    task_id     uuid NOT NULL,
    leg_id      uuid NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, leg_id) REFERENCES specimen_legs (district_id, task_id) ON DELETE CASCADE
);
CREATE INDEX specimens_of_leg ON specimens (leg_id);
CREATE INDEX specimens_of_task ON specimens (task_id);

-- Tasks whose visits somebody has to look at: written with the visit, by whichever release's process records it.
CREATE TABLE specimens_to_sort (
    task_id     uuid PRIMARY KEY,
    district_id uuid NOT NULL,
    since       timestamptz NOT NULL,
    FOREIGN KEY (district_id, task_id) REFERENCES tasks (district_id, id) ON DELETE CASCADE
);
CREATE INDEX specimens_to_sort_since ON specimens_to_sort (since);

CREATE FUNCTION note_specimen_of_visit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO specimens_to_sort (task_id, district_id, since)
    SELECT t.id, t.district_id, NEW.received_at
      FROM tasks t JOIN kinds k ON k.id = t.kind_id
     WHERE t.id = NEW.task_id
       AND (EXISTS (SELECT FROM pick_up_points p WHERE p.district_id = t.district_id AND p.active AND k.code = ANY (p.kinds))
            OR EXISTS (SELECT FROM specimens s WHERE s.task_id = t.id))
    ON CONFLICT (task_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER visits_note_specimen AFTER INSERT OR UPDATE OF struck_at ON visits
    FOR EACH ROW EXECUTE FUNCTION note_specimen_of_visit();
