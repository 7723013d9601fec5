"""What can be wrong with a request before it reaches the business: words of HTTP, beside those of `shared.domain.errors`."""

from shared.domain.errors import DomainError


class MalformedBody(DomainError):
    """The body is not valid JSON."""


class BodyTooLarge(DomainError):
    """The body is larger than this route takes."""


class WrongContentType(DomainError):
    """This route takes another content type."""

    def __init__(self, *accepted: str) -> None:
        self.accepted = accepted
        super().__init__(f"Send {' or '.join(accepted)}.")


class TwoCredentials(DomainError):
    """Send a bearer token or the cookie, not both."""


class CrossOrigin(DomainError):
    """With the cookie, changes come only from this site's own pages."""


class NoSuchRoute(DomainError):
    """There is nothing at this path."""


class WrongMethod(DomainError):
    """This path does not take that method."""

    def __init__(self, allowed: set[str]) -> None:
        self.allowed = allowed
        super().__init__()


class TooManyRequests(DomainError):
    """Too many requests; slow down."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__()


class Unavailable(DomainError):
    """The database does not answer just now; try again shortly."""

    retry_after_s = 1


class PagesNotBuilt(DomainError):
    """The pages are not built here; `make pages` builds them."""


class Refused(DomainError):
    """The request cannot be answered."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__()


class Broken(DomainError):
    """Something went wrong here; it has been logged under this request's id."""


class NotModified(Exception):
    """The caller has this version already (answered 304, which is no problem)."""
