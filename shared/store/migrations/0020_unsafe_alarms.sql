-- A visit that was not safe is an alarm of its own.

ALTER TABLE alarms
    DROP CONSTRAINT alarms_what_check,
    ADD CONSTRAINT alarms_what_check CHECK (what IN
        ('due_soon', 'overdue', 'unaccepted', 'unassigned', 'route_late', 'phone_silent', 'role_short', 'fever', 'refused', 'unsafe',
         'not_executable', 'handover_open', 'rest_broken', 'suit_too_long', 'specimen_late', 'specimen_count_differs',
         'occurrence_missed', 'subject_lost'));

ALTER TABLE alarm_rules
    DROP CONSTRAINT alarm_rules_what_check,
    ADD CONSTRAINT alarm_rules_what_check CHECK (what IN
        ('due_soon', 'overdue', 'unaccepted', 'unassigned', 'route_late', 'phone_silent', 'role_short', 'fever', 'refused', 'unsafe',
         'not_executable', 'handover_open', 'rest_broken', 'suit_too_long', 'specimen_late', 'specimen_count_differs',
         'occurrence_missed', 'subject_lost'));
