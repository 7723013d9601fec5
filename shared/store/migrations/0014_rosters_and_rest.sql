-- Rest: who does not count in which shift, and until when, by the rules of rest. Written whenever a roster is; a placer only reads it.
-- Protective suits: since when a member wears one, and which kinds need it.

CREATE TABLE rests (
    shift_id    uuid NOT NULL,
    member_id   uuid NOT NULL,
    district_id uuid NOT NULL,
    team_id     uuid NOT NULL,
    rule        text NOT NULL CHECK (rule IN ('between_shifts', 'days_in_a_row')),
    since       timestamptz NOT NULL,  -- when the work ended that the rest follows, or the days in a row began
    until       timestamptz NOT NULL,  -- from then on the member counts, where that is before the shift ends
    judged_at   timestamptz NOT NULL,  -- by the writer of a roster
    settled_at  timestamptz,           -- when the team was looked at after that; where it is not before the shift's end, at once
    told_at     timestamptz,           -- when the alarm was raised in the shift
    PRIMARY KEY (shift_id, member_id),
    FOREIGN KEY (district_id, shift_id) REFERENCES shifts (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, member_id) REFERENCES members (district_id, id) ON DELETE CASCADE,
    FOREIGN KEY (district_id, team_id) REFERENCES teams (district_id, id) ON DELETE CASCADE
);
CREATE INDEX rests_of_member ON rests (member_id);
CREATE INDEX rests_unsettled ON rests (until) WHERE settled_at IS NULL;
CREATE INDEX rests_untold ON rests (shift_id) WHERE told_at IS NULL;
CREATE TRIGGER rests_bump_roster AFTER INSERT OR DELETE OR UPDATE OF since, until, settled_at ON rests
    FOR EACH ROW EXECUTE FUNCTION bump_roster_of_row();

-- Members whose rest is to be judged anew, because the district's rules changed.
CREATE TABLE rest_checks (
    member_id   uuid PRIMARY KEY,
    district_id uuid NOT NULL,
    wanted_at   timestamptz NOT NULL,
    FOREIGN KEY (district_id, member_id) REFERENCES members (district_id, id) ON DELETE CASCADE
);
CREATE INDEX rest_checks_in_order ON rest_checks (wanted_at);

ALTER TABLE members
    ADD COLUMN suit_since    timestamptz,  -- in a protective suit since then; NULL: in none
    ADD COLUMN suit_noted_at timestamptz;  -- when the team was looked at because that is too long
CREATE INDEX members_in_suits ON members (suit_since) WHERE suit_since IS NOT NULL;
DROP TRIGGER members_bump_roster ON members;
CREATE TRIGGER members_bump_roster AFTER UPDATE OF duty, capabilities, active, suit_since, suit_noted_at ON members
    FOR EACH ROW WHEN (OLD.duty <> NEW.duty OR OLD.capabilities <> NEW.capabilities OR OLD.active <> NEW.active
                       OR (OLD.suit_since, OLD.suit_noted_at) IS DISTINCT FROM (NEW.suit_since, NEW.suit_noted_at))
    EXECUTE FUNCTION bump_roster_of_member();

ALTER TABLE kinds ADD COLUMN suit boolean NOT NULL DEFAULT false;  -- its visits are made in a protective suit
