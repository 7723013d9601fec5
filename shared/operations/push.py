"""Waking phones: who is told where, and the messages that say there is something urgent."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain import wake_up
from shared.domain.alarm import may_know
from shared.domain.errors import FieldError, Invalid
from shared.domain.routing import TeamOnShift, Work
from shared.domain.words import AlarmCode, Duty
from shared.operations.push_keys import as_bytes, is_point
from shared.store import memberships, push_messages, push_subscriptions
from shared.store.connection import Connection
from shared.store.constraints import domain_errors


async def subscribe(
    conn: Connection,
    token_id: UUID,
    *,
    endpoint: str,
    p256dh: str,
    auth: str,
    allowed_hosts: Sequence[str],
    now: datetime,
) -> None:
    """This session's phone is woken there from now on, and nobody else's session there any more. Safe to repeat.

    `p256dh` and `auth` are the browser's keys in base64url. Raises Invalid (a host that is not allowed, a key that is none), and Taken
    where another session says the same at the same moment.
    """
    host, key = wake_up.host_of(endpoint, allowed_hosts), as_bytes(p256dh)
    if not is_point(key):
        raise Invalid(errors=(FieldError(in_="body", loc="p256dh", msg="This is no public key on P-256."),))
    with domain_errors():
        async with conn.transaction():
            await push_subscriptions.delete_others_of_endpoint(conn, endpoint, token_id)
            await push_subscriptions.upsert_subscription(
                conn, token_id, endpoint=endpoint, host=host, p256dh=key, auth=as_bytes(auth), now=now
            )


async def wake_teams(conn: Connection, given: Iterable[tuple[TeamOnShift, Sequence[Work]]], *, now: datetime) -> None:
    """Of work just given to teams, have what is urgent wake their members on duty, in the transaction that gives it.

    All of a team, whatever roles the task needs: they walk together, and any of them may be the one who looks.
    """
    urgent = [
        (team, work)
        for team, works in given
        if wake_up.is_awake(team, now)
        for work in works
        if wake_up.is_urgent(work, now)
    ]
    if not urgent:
        return
    members = {UUID(str(member["member_id"])): team.team_id for team, _ in urgent for member in team.members}
    await push_messages.upsert_messages(
        conn,
        task_ids=[work.task_id for _, work in urgent],
        team_ids=[team.team_id for team, _ in urgent],
        shifts_start=[team.shift_starts or now for team, _ in urgent],
        members=list(members),
        teams_of_members=list(members.values()),
        now=now,
        lifetime=wake_up.LIFETIME,
        pause=wake_up.PAUSE,
    )


async def wake_for_alarms(conn: Connection, told: Sequence[tuple[UUID, AlarmCode]], *, now: datetime) -> None:
    """Have alarms, each with the team that is told, wake that team's members on duty whose role may know of it."""
    if not told:
        return
    codes: dict[UUID, set[AlarmCode]] = {}
    for team_id, what in told:
        codes.setdefault(team_id, set()).add(what)
    members = [
        row["member_id"]
        for row in await memberships.select_roster(conn, list(codes), now)
        if row["active"]
        and row["duty"] == Duty.ON
        and any(may_know(row["role"], what) for what in codes[row["team_id"]])
    ]
    await push_messages.upsert_alarm_messages(conn, members, now=now, lifetime=wake_up.LIFETIME, pause=wake_up.PAUSE)
