-- One break per shift, begun inside a window. It counts as had from when it began until it was over, in the past or a little ahead.

ALTER TABLE shifts
    ADD COLUMN break_earliest timestamptz,   -- it begins from here
    ADD COLUMN break_latest   timestamptz,   -- until here
    ADD COLUMN break_s        integer CHECK (break_s > 0),
    ADD COLUMN break_began_at timestamptz,
    ADD COLUMN break_over_at  timestamptz,
    ADD CONSTRAINT shifts_break_is_whole
        CHECK ((break_earliest IS NULL) = (break_s IS NULL) AND (break_latest IS NULL) = (break_s IS NULL)),
    ADD CONSTRAINT shifts_break_lies_in_the_shift
        CHECK (break_earliest >= lower(during) AND break_latest >= break_earliest
               AND break_latest + make_interval(secs => break_s) <= upper(during)),
    ADD CONSTRAINT shifts_break_had_is_one
        CHECK ((break_began_at IS NULL) = (break_over_at IS NULL) AND break_over_at >= break_began_at
               AND (break_s IS NOT NULL OR break_began_at IS NULL));

CREATE INDEX shifts_break_ahead ON shifts (lower(during)) WHERE break_s IS NOT NULL AND break_began_at IS NULL;

-- A break is part of what a plan is made from: whoever writes a route compares the roster's version.
DROP TRIGGER shifts_bump_roster ON shifts;
CREATE TRIGGER shifts_bump_roster
    AFTER INSERT OR DELETE
       OR UPDATE OF during, team_id, break_earliest, break_latest, break_s, break_began_at, break_over_at ON shifts
    FOR EACH ROW EXECUTE FUNCTION bump_roster_of_row();
