-- Retention: what has lost its personal data says so. Rows stay, so that everything that is counted stays countable.

ALTER TABLE tasks ADD COLUMN redacted_at timestamptz;        -- closed longer than its district's retention_days
ALTER TABLE visits ADD COLUMN redacted_at timestamptz;
ALTER TABLE reports ADD COLUMN redacted_at timestamptz;
ALTER TABLE contacts ADD COLUMN redacted_at timestamptz;
ALTER TABLE follow_ups ADD COLUMN redacted_at timestamptz;
ALTER TABLE subjects ADD COLUMN redacted_at timestamptz;     -- nothing needs to know any more who this was
ALTER TABLE households ADD COLUMN redacted_at timestamptz;

-- What is due, the oldest first. A visit may come after its task was redacted: it has its own time.
CREATE INDEX tasks_to_redact ON tasks (district_id, closed_at) WHERE closed_at IS NOT NULL AND redacted_at IS NULL;
CREATE INDEX visits_to_redact ON visits (district_id, received_at) WHERE redacted_at IS NULL;
CREATE INDEX reports_to_redact ON reports (district_id, received_at) WHERE redacted_at IS NULL;
CREATE INDEX contacts_to_redact ON contacts (district_id, updated_at) WHERE redacted_at IS NULL;
CREATE INDEX follow_ups_to_redact ON follow_ups (district_id, ended_at) WHERE ended_at IS NOT NULL AND redacted_at IS NULL;

-- Whether anything still needs a door or a person.
CREATE INDEX tasks_at_household ON tasks (household_id) WHERE household_id IS NOT NULL AND redacted_at IS NULL;
CREATE INDEX subjects_of_household ON subjects (household_id) WHERE household_id IS NOT NULL;

-- A contact that is imported again, between people who are still known, has something to lose again.
CREATE FUNCTION keep_contact_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.redacted_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER contacts_keep_again BEFORE UPDATE OF note, said ON contacts
    FOR EACH ROW WHEN (OLD.redacted_at IS NOT NULL AND (NEW.note <> '' OR NEW.said <> '{}'))
    EXECUTE FUNCTION keep_contact_again();
