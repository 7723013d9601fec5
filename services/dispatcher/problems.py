"""The one table of errors and statuses, and the problem document (RFC 9457) that answers, batch items and reports share."""

from collections.abc import Iterable
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.dispatcher import refusals
from services.dispatcher.wording import bad_fields
from shared.domain import errors
from shared.domain.errors import DomainError, FieldError

MEDIA_TYPE = "application/problem+json"

# A subclass that is not named here has the status of its parent; a test holds the table complete.
STATUSES: dict[type[DomainError], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Taken: HTTPStatus.CONFLICT,
    errors.InUse: HTTPStatus.CONFLICT,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotLoggedIn: HTTPStatus.UNAUTHORIZED,
    errors.WrongCredentials: HTTPStatus.UNAUTHORIZED,
    errors.TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    errors.LastAdmin: HTTPStatus.CONFLICT,
    errors.BodyDiffers: HTTPStatus.CONFLICT,
    errors.StillInFlight: HTTPStatus.CONFLICT,
    errors.ChangedMeanwhile: HTTPStatus.CONFLICT,
    errors.TaskClosed: HTTPStatus.CONFLICT,
    errors.NotYourTask: HTTPStatus.CONFLICT,
    errors.AlreadyUnderWay: HTTPStatus.CONFLICT,
    errors.TooFarAhead: HTTPStatus.CONFLICT,
    errors.TooEarlyToHandOver: HTTPStatus.CONFLICT,
    errors.TooLateToCorrect: HTTPStatus.CONFLICT,
    errors.CorrectedAlready: HTTPStatus.CONFLICT,
    errors.NotOnATeam: HTTPStatus.CONFLICT,
    errors.ShiftOverlaps: HTTPStatus.CONFLICT,
    errors.SlotFilled: HTTPStatus.CONFLICT,
    errors.TeamCannot: HTTPStatus.CONFLICT,
    errors.FollowedUpAlready: HTTPStatus.CONFLICT,
    errors.FollowUpEnded: HTTPStatus.CONFLICT,
    refusals.MalformedBody: HTTPStatus.BAD_REQUEST,
    refusals.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    refusals.WrongContentType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    refusals.TwoCredentials: HTTPStatus.BAD_REQUEST,
    refusals.CrossOrigin: HTTPStatus.FORBIDDEN,
    refusals.NoSuchRoute: HTTPStatus.NOT_FOUND,
    refusals.WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    refusals.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    refusals.PagesNotBuilt: HTTPStatus.SERVICE_UNAVAILABLE,
    refusals.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    refusals.Refused: HTTPStatus.BAD_REQUEST,
    refusals.Broken: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class ProblemField(BaseModel):
    """One bad field: where it is, its dotted location there, and what is wrong."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, extra="forbid")

    in_: str = Field(alias="in", description="body, query, path or header")
    loc: str = Field(description="dotted location there, such as household.lat")
    msg: str


class Problem(BaseModel):
    """What went wrong (RFC 9457). Programs branch on `code`; people read `title` and `detail`."""

    model_config = ConfigDict(serialize_by_alias=True, extra="forbid")

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    errors: list[ProblemField] = []
    request_id: str = ""


def status_of(error: DomainError | type[DomainError]) -> HTTPStatus:
    """The status of an error or of its class. Raises KeyError where the table does not know it."""
    if isinstance(error, refusals.Refused):
        return HTTPStatus(error.status)
    kind = error if isinstance(error, type) else type(error)
    for parent in kind.__mro__:
        if (status := STATUSES.get(parent)) is not None:
            return status
    raise KeyError(kind.__name__)


def problem_of(error: DomainError | ValidationError, *, where: str = "body", request_id: str = "") -> Problem:
    """The problem document of an error. `where` says what a ValidationError was validating: body, query, path or header."""
    if isinstance(error, ValidationError):
        error = errors.Invalid(errors=tuple(field_errors(error, where)))
    return Problem(
        type=f"urn:doorstep:{error.code}",
        title=error.message(),
        status=status_of(error),
        code=error.code,
        detail=error.detail,
        errors=[ProblemField(in_=e.in_, loc=e.loc, msg=e.msg) for e in error.errors],
        request_id=request_id,
    )


def field_errors(error: ValidationError, where: str) -> Iterable[FieldError]:
    """Every bad field that pydantic found, in plain words."""
    return (FieldError(in_=where, loc=loc, msg=msg) for loc, msg in bad_fields(error))


def problem_headers(error: DomainError) -> dict[str, str]:
    """The headers that go with an error: when to come back, which methods there are, how to log in."""
    headers: dict[str, str] = {}
    if (retry_after_s := getattr(error, "retry_after_s", None)) is not None:
        headers["Retry-After"] = str(retry_after_s)
    if isinstance(error, refusals.WrongMethod):
        headers["Allow"] = ", ".join(sorted(error.allowed))
    if isinstance(error, errors.NotLoggedIn | errors.WrongCredentials):
        headers["WWW-Authenticate"] = "Bearer"
    return headers
