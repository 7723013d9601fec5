"""What can be wrong, in the words of the field. The docstring of an error is its message; the dispatcher gives each a status."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One bad field: where it was (`body`, `query`, `path`, `header`), its dotted location there, and what is wrong with it."""

    in_: str
    loc: str
    msg: str


class DomainError(Exception):
    """The request cannot be carried out."""

    errors: tuple[FieldError, ...]
    code: ClassVar[str]

    def __init__(self, detail: str = "", *, errors: tuple[FieldError, ...] = ()) -> None:
        self.detail = detail
        self.errors = errors
        super().__init__(detail or self.message())

    def __init_subclass__(cls) -> None:
        name = cls.__name__
        cls.code = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")

    @classmethod
    def message(cls) -> str:
        return (cls.__doc__ or "").strip().splitlines()[0]


class NotFound(DomainError):
    """There is no such thing, or it is not yours to see."""


class Invalid(DomainError):
    """Some fields are not valid."""


class NaiveTime(Invalid):
    """A time must say its offset from UTC."""


class Taken(DomainError):
    """That name, phone, code or reference is in use already."""


class InUse(DomainError):
    """Others still refer to it."""


class NotAllowed(DomainError):
    """Your permission does not reach this."""


class NotLoggedIn(DomainError):
    """Log in first, or send a token that is valid."""


class WrongCredentials(DomainError):
    """Name and secret, or phone and PIN, do not match."""


class TooManyAttempts(DomainError):
    """Too many attempts; wait before the next one."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__()


class LastAdmin(DomainError):
    """Somebody must stay able to administer: this is the last active admin."""


class WhichDistrict(Invalid):
    """Say which district this is about."""


class BodyDiffers(DomainError):
    """The same reference or key came before with another body."""


class StillInFlight(DomainError):
    """The first request with this key is still being answered; try again shortly."""


class ChangedMeanwhile(DomainError):
    """It was changed by somebody else meanwhile; read it again."""


class TaskClosed(DomainError):
    """The task is closed already."""


class NotYourTask(DomainError):
    """The task is not with your team (any more)."""


class AlreadyUnderWay(DomainError):
    """The team is already on its way to it, or at the door."""


class TooFarAhead(DomainError):
    """A team accepts only its next few stops."""


class TooEarlyToHandOver(DomainError):
    """The team's shift goes on for longer: work is handed over only shortly before it ends."""


class TooLateToCorrect(DomainError):
    """A visit is corrected on the day it was recorded."""


class CorrectedAlready(DomainError):
    """That visit was corrected already; correct what replaced it."""


class NotOnATeam(DomainError):
    """The member is on no team at that moment."""


class ShiftOverlaps(DomainError):
    """The team has another shift at that time."""


class SlotFilled(DomainError):
    """Another member fills that slot at that time, or the member is on another team then."""


class TeamCannot(DomainError):
    """The team lacks what the task needs: a role or capability on duty, or time in its shift."""


class FollowedUpAlready(DomainError):
    """The subject is under follow-up already."""


class FollowUpEnded(DomainError):
    """The follow-up has ended already."""
