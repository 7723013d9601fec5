-- A unique index besides the one that ON CONFLICT names fails, or locks two batches out, where both write the same new door or person at
-- once. A constraint that may be deferred is looked at once the row is there: then the second batch has found the first one's row.
DROP INDEX households_ref;
ALTER TABLE households ADD CONSTRAINT households_ref UNIQUE (district_id, ref) DEFERRABLE INITIALLY IMMEDIATE;
DROP INDEX subjects_ref;
ALTER TABLE subjects ADD CONSTRAINT subjects_ref UNIQUE (district_id, ref) DEFERRABLE INITIALLY IMMEDIATE;
