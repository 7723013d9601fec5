-- Districts (tenants), their slots and grids; households and subjects; members, teams, memberships, shifts.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE districts (
    id          uuid PRIMARY KEY,
    code        text NOT NULL UNIQUE CHECK (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    name        text NOT NULL CHECK (name <> ''),
    time_zone   text NOT NULL,
    settings    jsonb NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- The role slots of a district's teams, in the order in which people name them.
CREATE TABLE slots (
    district_id uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    role        text NOT NULL CHECK (role ~ '^[a-z][a-z0-9_]{0,31}$'),
    place       smallint NOT NULL,
    PRIMARY KEY (district_id, role)
);

CREATE TABLE grids (
    id          uuid PRIMARY KEY,
    district_id uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    code        text NOT NULL CHECK (code <> ''),
    name        text NOT NULL,
    geometry    jsonb NOT NULL,
    area_m2     double precision NOT NULL CHECK (area_m2 > 0),
    created_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, code),
    UNIQUE (district_id, id)
);

-- A grid's polygons as (lon, lat) shapes: a point is in the grid when an outer ring holds it and none of that ring's holes does.
CREATE TABLE grid_shapes (
    grid_id     uuid NOT NULL REFERENCES grids ON DELETE CASCADE,
    outer_ring  polygon NOT NULL,
    holes       polygon[] NOT NULL DEFAULT '{}'
);
-- By bounding box: no index on polygons answers which of them hold a point.
CREATE INDEX grid_shapes_box ON grid_shapes USING gist (box(outer_ring));
CREATE INDEX grid_shapes_grid ON grid_shapes (grid_id);

-- The smallest grid that holds the point, in the district; NULL where there is none.
CREATE FUNCTION grid_at(in_district uuid, lat double precision, lon double precision) RETURNS uuid
LANGUAGE sql STABLE AS $$
    WITH holding AS MATERIALIZED (
        SELECT s.grid_id
          FROM grid_shapes s
         WHERE box(s.outer_ring) @> box(point(lon, lat), point(lon, lat))
           AND s.outer_ring @> point(lon, lat)
           AND NOT EXISTS (SELECT FROM unnest(s.holes) AS hole WHERE hole @> point(lon, lat))
    )
    SELECT g.id
      FROM holding JOIN grids g ON g.id = holding.grid_id
     WHERE g.district_id = in_district
     ORDER BY g.area_m2, g.code
     LIMIT 1
$$;

CREATE TABLE households (
    id           uuid PRIMARY KEY,
    district_id  uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    door         text NOT NULL,        -- what makes two mentions one door: its ref, else address and point
    ref          text,
    address      text NOT NULL DEFAULT '',
    lat          double precision CHECK (lat BETWEEN -90 AND 90),
    lon          double precision CHECK (lon BETWEEN -180 AND 180),
    grid_id      uuid,
    access_notes text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, door),
    UNIQUE (district_id, id),
    CHECK ((lat IS NULL) = (lon IS NULL)),
    FOREIGN KEY (district_id, grid_id) REFERENCES grids (district_id, id) ON DELETE SET NULL (grid_id)
);
CREATE UNIQUE INDEX households_ref ON households (district_id, ref) WHERE ref IS NOT NULL;
CREATE INDEX households_address ON households USING gin (address gin_trgm_ops);
CREATE INDEX households_grid ON households (grid_id) WHERE grid_id IS NOT NULL;

CREATE TABLE subjects (
    id           uuid PRIMARY KEY,
    district_id  uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    person       text NOT NULL,        -- what makes two mentions one person: the ref, else phone and name, else household and name
    ref          text,
    name         text NOT NULL DEFAULT '',
    phone        text NOT NULL DEFAULT '',
    flags        jsonb NOT NULL DEFAULT '{}',
    household_id uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, person),
    UNIQUE (district_id, id),
    FOREIGN KEY (district_id, household_id) REFERENCES households (district_id, id) ON DELETE SET NULL (household_id)
);
CREATE UNIQUE INDEX subjects_ref ON subjects (district_id, ref) WHERE ref IS NOT NULL;
CREATE INDEX subjects_text ON subjects USING gin ((name || ' ' || phone) gin_trgm_ops);

CREATE TABLE members (
    id              uuid PRIMARY KEY,
    district_id     uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    name            text NOT NULL CHECK (name <> ''),
    phone           text NOT NULL CHECK (phone <> ''),
    pin_hash        text,
    role            text NOT NULL,
    capabilities    text[] NOT NULL DEFAULT '{}',
    language        text NOT NULL DEFAULT 'zh',
    duty            text NOT NULL DEFAULT 'on' CHECK (duty IN ('on', 'break', 'off')),
    duty_changed_at timestamptz NOT NULL DEFAULT now(),
    active          boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, phone),
    UNIQUE (district_id, id),
    FOREIGN KEY (district_id, role) REFERENCES slots (district_id, role)
);
CREATE INDEX members_phone ON members (phone);
CREATE INDEX members_text ON members USING gin ((name || ' ' || phone) gin_trgm_ops);

CREATE TABLE teams (
    id             uuid PRIMARY KEY,
    district_id    uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    code           text NOT NULL CHECK (code <> ''),
    name           text NOT NULL,
    mode           text NOT NULL DEFAULT 'walk' CHECK (mode IN ('walk', 'scooter')),
    home_grid_id   uuid,
    start_lat      double precision CHECK (start_lat BETWEEN -90 AND 90),
    start_lon      double precision CHECK (start_lon BETWEEN -180 AND 180),
    place_lat      double precision CHECK (place_lat BETWEEN -90 AND 90),   -- last known place: an arrival, a visit, a phone's position
    place_lon      double precision CHECK (place_lon BETWEEN -180 AND 180),
    place_at       timestamptz,
    max_visits     integer CHECK (max_visits > 0),   -- most visits in one shift; NULL: the district's
    active         boolean NOT NULL DEFAULT true,
    route_version  bigint NOT NULL DEFAULT 0,
    roster_version bigint NOT NULL DEFAULT 0,        -- bumped below by whatever changes who is there and when
    created_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, code),
    UNIQUE (district_id, id),
    CHECK ((start_lat IS NULL) = (start_lon IS NULL)),
    CHECK ((place_lat IS NULL) = (place_lon IS NULL) AND (place_lat IS NULL) = (place_at IS NULL)),
    FOREIGN KEY (district_id, home_grid_id) REFERENCES grids (district_id, id) ON DELETE SET NULL (home_grid_id)
);

CREATE TABLE memberships (
    id          uuid PRIMARY KEY,
    district_id uuid NOT NULL,
    team_id     uuid NOT NULL,
    member_id   uuid NOT NULL,
    role        text NOT NULL,
    during      tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during)),
    created_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (district_id, team_id) REFERENCES teams (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, member_id) REFERENCES members (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, role) REFERENCES slots (district_id, role),
    CONSTRAINT memberships_one_member_per_slot EXCLUDE USING gist (team_id WITH =, role WITH =, during WITH &&),
    CONSTRAINT memberships_one_team_per_member EXCLUDE USING gist (member_id WITH =, during WITH &&)
);

CREATE TABLE shifts (
    id          uuid PRIMARY KEY,
    district_id uuid NOT NULL,
    team_id     uuid NOT NULL,
    during      tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
    closed_at   timestamptz,           -- when the sweep has given back what the shift left open
    created_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (district_id, id),
    FOREIGN KEY (district_id, team_id) REFERENCES teams (district_id, id) ON DELETE CASCADE,
    CONSTRAINT shifts_never_overlap EXCLUDE USING gist (team_id WITH =, during WITH &&)
);
CREATE INDEX shifts_unclosed ON shifts (upper(during)) WHERE closed_at IS NULL;
CREATE INDEX shifts_district ON shifts USING gist (district_id, during);

CREATE TABLE positions (
    member_id   uuid PRIMARY KEY REFERENCES members ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    lat         double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon         double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    accuracy_m  double precision CHECK (accuracy_m >= 0)
);

-- Whoever writes a route compares teams.roster_version under the team's lock; these triggers keep it true whoever writes a roster.
CREATE FUNCTION bump_roster_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        UPDATE teams SET roster_version = roster_version + 1 WHERE id = OLD.team_id;
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.team_id <> OLD.team_id) THEN
        UPDATE teams SET roster_version = roster_version + 1 WHERE id = NEW.team_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER shifts_bump_roster AFTER INSERT OR DELETE OR UPDATE OF during, team_id ON shifts
    FOR EACH ROW EXECUTE FUNCTION bump_roster_of_row();
CREATE TRIGGER memberships_bump_roster AFTER INSERT OR UPDATE OR DELETE ON memberships
    FOR EACH ROW EXECUTE FUNCTION bump_roster_of_row();

CREATE FUNCTION bump_roster_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE teams SET roster_version = roster_version + 1
     WHERE id IN (SELECT team_id FROM memberships WHERE member_id = NEW.id AND during @> now());
    RETURN NULL;
END $$;
CREATE TRIGGER members_bump_roster AFTER UPDATE OF duty, capabilities, active ON members
    FOR EACH ROW WHEN (OLD.duty <> NEW.duty OR OLD.capabilities <> NEW.capabilities OR OLD.active <> NEW.active)
    EXECUTE FUNCTION bump_roster_of_member();
