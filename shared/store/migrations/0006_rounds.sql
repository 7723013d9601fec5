-- When a district's routes were last improved: one round at a time, whichever worker takes it.

CREATE TABLE rounds (
    district_id uuid PRIMARY KEY REFERENCES districts ON DELETE CASCADE,
    begun_at    timestamptz NOT NULL,
    wanted_at   timestamptz,               -- when something last happened that should not wait for the period
    number      bigint NOT NULL DEFAULT 1   -- each cuts the district in another direction
);
