"""Logging in and out."""

from datetime import timedelta

from services.dispatcher import access
from services.dispatcher.answers import Created, NoContent
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.sessions import (
    CurrentSession,
    LinkOut,
    Login,
    NameLogin,
    PhoneLogin,
    SessionOut,
    Who,
)
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.operations import sessions
from shared.operations.sessions import LoginPolicy, Session
from shared.settings import Settings
from shared.store import members, tokens


async def post_session(request: Request, body: Login) -> Created[SessionOut]:
    """Log in with name and secret, with phone and PIN, or with the token of a one-time link."""
    if body.cookie:
        access.check_same_origin(request.raw, request.settings)
    session = await _log_in(request, body)
    if body.cookie:
        lifetime_s = int((session.actor.expires_at - request.now).total_seconds())
        request.keep_in_cookie(session.token, lifetime_s)
    answer = SessionOut(
        token=None if body.cookie else session.token,
        expires_at=session.actor.expires_at,
        who=Who.of(session.actor),
    )
    return Created(answer, location="/v1/sessions/current")


async def get_current_session(request: Request) -> CurrentSession:
    """Who am I, and until when."""
    return CurrentSession(expires_at=request.actor.expires_at, who=Who.of(request.actor))


async def delete_current_session(request: Request) -> NoContent:
    """Log out: the token counts no more, and the cookie goes."""
    async with request.transaction() as conn:
        await tokens.update_token_revoked(conn, request.actor.token_id, request.now)
    request.forget_credentials()
    request.keep_in_cookie("", 0)
    return NoContent()


async def post_member_link(request: Request, path: IdPath) -> Created[LinkOut]:
    """A one-time log-in link for a member, to be shown as a QR code. Good once, for ten minutes."""
    lifetime = timedelta(seconds=request.settings.login_link_lifetime_s)
    async with request.transaction() as conn:
        member = await members.select_member(conn, path.id)
        if member is None or not request.may_use(member.district_id):
            raise NotFound
        token = await sessions.make_link(conn, member_id=member.id, now=request.now, lifetime=lifetime)
    link = LinkOut(link_token=token, url=f"{request.origin}/phone#link={token}", expires_at=request.now + lifetime)
    return Created(link, location=f"/v1/members/{path.id}")


async def delete_member_sessions(request: Request, path: IdPath) -> NoContent:
    """Log a member out everywhere: a phone was lost."""
    async with request.transaction() as conn:
        member = await members.select_member(conn, path.id)
        if member is None or not request.may_use(member.district_id):
            raise NotFound
        await tokens.update_tokens_revoked(conn, request.now, member_id=path.id)
    request.forget_credentials()
    return NoContent()


async def _log_in(request: Request, body: Login) -> Session:
    policy = _policy(request.settings)
    connect, address, now = request.connection, request.address, request.now
    if isinstance(body, NameLogin):
        return await sessions.log_in_account(
            connect, name=body.name, secret=body.secret, address=address, now=now, policy=policy
        )
    if isinstance(body, PhoneLogin):
        return await sessions.log_in_member(
            connect, phone=body.phone, pin=body.pin, district=body.district, address=address, now=now, policy=policy
        )
    return await sessions.log_in_by_link(connect, link_token=body.link_token, address=address, now=now, policy=policy)


def _policy(settings: Settings) -> LoginPolicy:
    return LoginPolicy(
        session=timedelta(seconds=settings.session_lifetime_s),
        member_session=timedelta(seconds=settings.member_session_lifetime_s),
        attempts_per_account=settings.login_attempts_per_account,
        attempts_per_address=settings.login_attempts_per_address,
        window=timedelta(seconds=settings.login_window_s),
    )
