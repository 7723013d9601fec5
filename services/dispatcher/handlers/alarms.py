"""What somebody must look at, and by which rules it is told."""

from uuid import UUID

from services.dispatcher.answers import Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.alarms import (
    AlarmOut,
    AlarmQuery,
    AlarmRulesIn,
    AlarmRulesOut,
    AlarmsAcknowledged,
    AlarmsToAcknowledge,
)
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.request import Request
from shared.domain.alarm import AlarmRule
from shared.domain.errors import FieldError, NotFound
from shared.domain.words import AlarmCode
from shared.operations.alarm_rules import change_rules, rules_in_force
from shared.operations.alarms import acknowledge_alarm
from shared.store import alarm_rules, alarm_views, districts
from shared.store.connection import Connection


async def get_alarms(request: Request, query: AlarmQuery) -> Page[AlarmOut]:
    """What stands and must be looked at, the highest level and of it the oldest first; `standing=false`: what is over, newest first."""
    wanted = query.as_filter(await request.scope(query.district))
    async with request.connection() as conn:
        rows = await alarm_views.select_alarms(conn, wanted, after=query.after_id(), limit=query.fetch)
    return page_of(rows, query, AlarmOut.of, key=lambda row: (row["id"],))


async def post_alarm_acknowledge(request: Request, path: IdPath) -> AlarmOut:
    """Say that somebody looks at it: no further level is told. Who was first stays; so does an alarm that is over."""
    async with request.transaction() as conn:
        await _check_reach(request, conn, [path.id])
        await _acknowledge(request, conn, path.id)
        row = await alarm_views.select_alarm(conn, path.id)
        if row is None:
            raise NotFound
        return AlarmOut.of(row)


async def post_alarms_acknowledge(request: Request, body: AlarmsToAcknowledge) -> AlarmsAcknowledged:
    """Acknowledge several at once, all or none."""
    async with request.transaction() as conn:
        await _check_reach(request, conn, body.ids)
        ids = sorted(set(body.ids))  # always in one order, so that two who do it at once wait for each other
        return AlarmsAcknowledged(acknowledged=sum([await _acknowledge(request, conn, alarm_id) for alarm_id in ids]))


async def get_district_alarm_rules(request: Request, path: IdPath) -> AlarmRulesOut:
    """When who is told of what: the district's own rules, and the defaults for all else."""
    request.check_district(path.id)
    async with request.connection() as conn:
        return await _rules(conn, path.id, await alarm_rules.select_rules(conn, path.id))


async def put_district_alarm_rules(request: Request, path: IdPath, body: AlarmRulesIn) -> AlarmRulesOut:
    """Replace the district's own rules, whole. Alarms that it wants no more are over."""
    request.check_district(path.id)
    rules = body.as_rules()
    async with request.transaction() as conn:
        own = await change_rules(conn, path.id, rules, now=request.now, account_id=request.actor.account_id)
        return await _rules(conn, path.id, own)


async def _acknowledge(request: Request, conn: Connection, alarm_id: UUID) -> bool:
    """Whether this caller is the first."""
    account_id = request.actor.account_id
    alarm = await acknowledge_alarm(conn, alarm_id, at=request.now, now=request.now, account_id=account_id)
    return alarm.acknowledged_at == request.now and alarm.acknowledged_by_account_id == account_id


async def _check_reach(request: Request, conn: Connection, alarm_ids: list[UUID]) -> None:
    found = await alarm_views.select_district_ids(conn, alarm_ids)
    wrong = [
        FieldError(in_="body", loc=f"ids.{place}", msg="There is no such alarm.")
        for place, alarm_id in enumerate(alarm_ids)
        if alarm_id not in found or not request.may_use(found[alarm_id])
    ]
    if wrong:
        raise NotFound("There is no such alarm.", errors=tuple(wrong) if len(alarm_ids) > 1 else ())


async def _rules(conn: Connection, district_id: UUID, own: dict[AlarmCode, AlarmRule]) -> AlarmRulesOut:
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound
    return AlarmRulesOut.of(rules_in_force(own), own, district.settings)
