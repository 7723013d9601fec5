-- All that one follow-up has due, withdrawn or not, and what of it is due on one day.
CREATE INDEX follow_up_occurrences_of_follow_up ON follow_up_occurrences (follow_up_id, on_day);
