-- A task of a follow-up may come back to be planned when its occurrence was settled already, or its plan ended: a team gives accepted work
-- back, nobody opened, a visit turns out to be entered in error. Somebody looks at the occurrence again then.

ALTER TABLE follow_up_occurrences ADD COLUMN came_back_at timestamptz;   -- since when somebody has to look at it again
CREATE INDEX follow_up_occurrences_came_back ON follow_up_occurrences (came_back_at) WHERE came_back_at IS NOT NULL;

CREATE FUNCTION note_occurrence_came_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE follow_up_occurrences SET came_back_at = NEW.updated_at
     WHERE task_id = NEW.id AND settled_at IS NOT NULL AND withdrawn_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_note_occurrence_came_back AFTER UPDATE OF status ON tasks
    FOR EACH ROW WHEN (OLD.status NOT IN ('pending', 'assigned') AND NEW.status IN ('pending', 'assigned', 'not_executable'))
    EXECUTE FUNCTION note_occurrence_came_back();
