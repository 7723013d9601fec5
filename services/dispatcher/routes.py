"""The one table of routes: everything the dispatcher answers, and who may ask."""

from services.dispatcher.contract import PUBLIC, Route
from services.dispatcher.handlers import accounts, audit, docs, health, sessions
from services.dispatcher.refusals import CrossOrigin, Unavailable
from shared.domain.access import ADMINS, COORDINATORS, EVERYONE
from shared.domain.errors import LastAdmin, Taken, TooManyAttempts, WrongCredentials
from shared.domain.words import Permission

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", "/v1/sessions", sessions.post_session, allow=PUBLIC, summary="Log in", tag="sessions", secret=True,
          errors=(WrongCredentials, TooManyAttempts, CrossOrigin)),
    Route("GET", "/v1/sessions/current", sessions.get_current_session, allow=EVERYONE, summary="Who am I", tag="sessions"),
    Route("DELETE", "/v1/sessions/current", sessions.delete_current_session, allow=EVERYONE, summary="Log out", tag="sessions",
          secret=True),
    Route("POST", "/v1/members/{id}/links", sessions.post_member_link, allow=COORDINATORS, summary="Make a one-time link",
          tag="sessions", secret=True),
    Route("DELETE", "/v1/members/{id}/sessions", sessions.delete_member_sessions, allow=COORDINATORS, summary="Log a member out everywhere",
          tag="sessions"),

    Route("GET", "/v1/accounts", accounts.get_accounts, allow=ADMINS, summary="List accounts", tag="accounts"),
    Route("POST", "/v1/accounts", accounts.post_account, allow=ADMINS, summary="Make an account", tag="accounts", errors=(Taken,)),
    Route("GET", "/v1/accounts/{id}", accounts.get_account, allow=ADMINS, summary="One account", tag="accounts"),
    Route("PATCH", "/v1/accounts/{id}", accounts.patch_account, allow=ADMINS, summary="Change an account", tag="accounts",
          errors=(Taken, LastAdmin)),
    Route("GET", "/v1/accounts/{id}/tokens", accounts.get_account_tokens, allow=ADMINS, summary="List an account's tokens", tag="accounts"),
    Route("POST", "/v1/accounts/{id}/tokens", accounts.post_account_token, allow=ADMINS, summary="Make a program's token", tag="accounts",
          secret=True),
    Route("DELETE", "/v1/tokens/{id}", accounts.delete_token, allow=ADMINS, summary="Revoke a token", tag="accounts"),

    Route("GET", "/v1/audit", audit.get_audit, allow=frozenset({Permission.ADMIN, Permission.AUDITOR}), summary="Who read personal data",
          tag="audit"),

    Route("GET", "/healthz", health.get_healthz, allow=PUBLIC, summary="Does the process live", tag="ops", limited=False),
    Route("GET", "/readyz", health.get_readyz, allow=PUBLIC, summary="Can it serve", tag="ops", limited=False, errors=(Unavailable,)),
    Route("GET", "/metrics", health.get_metrics, allow=PUBLIC, summary="Counts for Prometheus", tag="ops", limited=False,
          produces="text/plain"),
    Route("GET", "/openapi.json", docs.get_openapi, allow=PUBLIC, summary="This document", tag="ops", limited=False, hidden=True),
    Route("GET", "/docs", docs.get_docs, allow=PUBLIC, summary="This document for people", tag="ops", limited=False, hidden=True),
    Route("GET", "/docs/{name}", docs.get_docs_file, allow=PUBLIC, summary="Its files", tag="ops", limited=False, hidden=True),
)
# fmt: on
