"""The words of the glossary that are stored: each is one column's CHECK in the database, held equal by a test."""

from enum import StrEnum


class Status(StrEnum):
    """Where a task stands. Overdue is derived from `due_at`, never stored."""

    PENDING = "pending"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    NOT_EXECUTABLE = "not_executable"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_closed(self) -> bool:
        return self in CLOSED

    @property
    def is_held(self) -> bool:
        """Whether a team has the task."""
        return self in HELD


HELD = frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.IN_PROGRESS})
CLOSED = frozenset({Status.COMPLETED, Status.NOT_EXECUTABLE, Status.CANCELLED, Status.EXPIRED})


class WaitingReason(StrEnum):
    """Why a pending task waits."""

    BEING_PLANNED = "being_planned"
    OPENS_LATER = "opens_later"
    NO_TEAM_ON_SHIFT = "no_team_on_shift"
    ROLE_MISSING = "role_missing"
    CAPABILITY_MISSING = "capability_missing"
    ALL_TEAMS_FULL = "all_teams_full"
    NO_LOCATION = "no_location"
    OUTSIDE_EVERY_GRID = "outside_every_grid"


class Outcome(StrEnum):
    """What a visit found."""

    SEEN_OK = "seen_ok"
    SEEN_NOT_OK = "seen_not_ok"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    UNSAFE = "unsafe"

    @property
    def saw_the_person(self) -> bool:
        return self in (Outcome.SEEN_OK, Outcome.SEEN_NOT_OK)


class Trigger(StrEnum):
    """What a visit may set off, in the order in which it counts where several come together."""

    FEVER = "fever"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    WRONG_ADDRESS = "wrong_address"
    UNSAFE = "unsafe"
    NOT_EXECUTABLE = "not_executable"  # the kind's attempts are used up
    COMPLETED = "completed"


class Consequence(StrEnum):
    """What followed from a visit."""

    TASK = "task"
    ALARM = "alarm"
    FOLLOW_UP = "follow_up"  # one was ended or converted


class FollowUpStatus(StrEnum):
    """Where a subject's plan stands."""

    UNDER_FOLLOW_UP = "under_follow_up"
    COMPLETED = "completed"
    LOST = "lost"  # nobody saw the subject for too many days
    CANCELLED = "cancelled"
    CONVERTED = "converted"  # to another plan


class EndReason(StrEnum):
    """Why an assignment ended."""

    REPLANNED = "replanned"  # a better plan gave the task to another team
    RELEASED = "released"  # a coordinator took it back
    REASSIGNED = "reassigned"  # a coordinator gave it to another team
    DECLINED = "declined"
    OFF_DUTY = "off_duty"  # a member whose role or capability it needs went off duty
    SHIFT_ENDED = "shift_ended"
    COMPLETED = "completed"
    VISITED_BY_ANOTHER = "visited_by_another"
    RETRY = "retry"  # the visit did not see the person; the task waits for another attempt
    NOT_EXECUTABLE = "not_executable"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Channel(StrEnum):
    """How the person is reached."""

    VISIT = "visit"
    PHONE = "phone"


class Duty(StrEnum):
    """A member's own word on whether they are there."""

    ON = "on"
    BREAK = "break"
    OFF = "off"


class RestRule(StrEnum):
    """By which rule a member must rest before work goes on."""

    BETWEEN_SHIFTS = "between_shifts"
    DAYS_IN_A_ROW = "days_in_a_row"


class Mode(StrEnum):
    """How a team moves."""

    WALK = "walk"
    SCOOTER = "scooter"


class Permission(StrEnum):
    """An access right. (A *role* is a slot on a team.)"""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    INTEGRATION = "integration"
    MEMBER = "member"


class ContactClass(StrEnum):
    """How near somebody was to an index person."""

    CLOSE = "close"
    SECONDARY = "secondary"


class TokenPurpose(StrEnum):
    """What a token is for: a person's log-in, a program's standing access, a one-time log-in link."""

    SESSION = "session"
    PROGRAM = "program"
    LINK = "link"


class AlarmCode(StrEnum):
    """What an alarm says is wrong."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    UNACCEPTED = "unaccepted"
    UNASSIGNED = "unassigned"
    ROUTE_LATE = "route_late"
    PHONE_SILENT = "phone_silent"
    ROLE_SHORT = "role_short"
    FEVER = "fever"
    REFUSED = "refused"
    UNSAFE = "unsafe"
    NOT_EXECUTABLE = "not_executable"
    HANDOVER_OPEN = "handover_open"
    REST_BROKEN = "rest_broken"
    SUIT_TOO_LONG = "suit_too_long"
    SPECIMEN_LATE = "specimen_late"
    SPECIMEN_COUNT_DIFFERS = "specimen_count_differs"
    OCCURRENCE_MISSED = "occurrence_missed"
    SUBJECT_LOST = "subject_lost"


class AlarmLevel(StrEnum):
    """Who is told of an alarm, from the nearest to the last."""

    TEAM = "team"
    COORDINATOR = "coordinator"
    LEAD = "lead"


class WakeUp(StrEnum):
    """Why a phone is woken."""

    NEW_URGENT_TASK = "new_urgent_task"
    ALARM = "alarm"


DEFAULT_SLOTS = ("grid_worker", "doctor", "police")
POLICE = "police"
