-- Why a team declined a task, in its own words: for the coordinator, on the assignment that ended. Events carry no free text.

ALTER TABLE assignments ADD COLUMN end_note text NOT NULL DEFAULT '';
