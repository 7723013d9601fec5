-- A membership that ended by the clock is looked at once, like an ended shift: its team gives back what it cannot do any more.

ALTER TABLE memberships ADD COLUMN settled_at timestamptz;
CREATE INDEX memberships_unsettled ON memberships (upper(during)) WHERE settled_at IS NULL AND NOT upper_inf(during);
