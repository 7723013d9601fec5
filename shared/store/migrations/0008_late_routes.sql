-- Rounds are wished for without waiting for anybody, and one that was cut short is done again; routes that fell behind are found by an index.

CREATE TABLE round_wishes (
    district_id uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    at          timestamptz NOT NULL   -- when something happened that should not wait for the period
);
CREATE INDEX round_wishes_of_district ON round_wishes (district_id);
-- rounds.wanted_at stays for workers of the release before; a later migration drops it.
ALTER TABLE rounds ADD COLUMN ended_at timestamptz;        -- NULL: it goes on, or its worker died

-- When the team's next report is due by the plan: that the visit begins, or once it is under way that it ends. NULL: none is due.
ALTER TABLE routes ADD COLUMN report_due_at timestamptz;
CREATE INDEX routes_report_due ON routes (report_due_at) WHERE report_due_at IS NOT NULL;
UPDATE routes SET report_due_at = (stops -> 0 -> 'begin_at' ->> 0)::timestamptz WHERE task_ids <> '{}';
