"""Districts: made with their slots and kinds, and changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.catalogue import seed_kinds
from shared.domain.district import District, check_settings, is_time_zone
from shared.domain.errors import FieldError, InUse, Invalid, NotFound
from shared.domain.protocol import seed_protocols
from shared.operations.repeats import first_or_taken, making
from shared.store import districts, follow_ups, kinds, protocols, rests, slots, tasks
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events


async def create_district(
    conn: Connection, district: District, settings: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> District:
    """A new district with its slots, the kinds and protocols of the catalogue, and what it sets other than the defaults.

    Raises Taken (code, or id with other content), Invalid (time zone, settings).
    """
    _check_time_zone(district.time_zone)
    district = replace(district, settings=replace(district.settings, **check_settings(settings)))
    async with making(conn, district.id):
        first = await districts.select_district(conn, district.id)
        if first is not None:
            return first_or_taken(first, district, ("code", "name", "time_zone", "settings", "slots"))
        await districts.insert_district(conn, district, settings)
        await slots.upsert_slots(conn, district.id, district.slots)
        for kind, form in seed_kinds(district.id, district.slots):
            await kinds.insert_kind(conn, kind)
            await kinds.insert_form(conn, kind.id, kind.form_version, form)
        for protocol in seed_protocols(district.id, await kinds.select_all_kinds(conn, district.id)):
            await protocols.insert_protocol(conn, protocol)
        await insert_events(conn, [_changed(district, now, account_id)])
        return await _load(conn, district.id)


async def change_district(
    conn: Connection, district_id: UUID, changes: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> District:
    """Change code, name, time_zone, slots (all of them, in order) or settings (those given).

    Raises NotFound, Taken, Invalid, InUse (a slot that members, memberships or kinds still need).
    """
    changes = dict(changes)
    settings = check_settings(changes.pop("settings", {}))
    with domain_errors():
        async with conn.transaction():
            known = await districts.lock_district(conn, district_id)
            if known is None:
                raise NotFound
            district = replace(known, **changes)
            _check_time_zone(district.time_zone)
            await districts.update_district(conn, district, settings)
            if district.slots != known.slots:
                await _change_slots(conn, district)
            if settings or district.time_zone != known.time_zone:
                await rests.insert_checks(conn, district_id, now)
            await insert_events(conn, [_changed(district, now, account_id)])
            if district.time_zone != known.time_zone:
                await follow_ups.update_replan_at(conn, district_id, now)
            await tasks.update_plan_at_for_district(conn, district_id, now)
            return await _load(conn, district_id)


async def _change_slots(conn: Connection, district: District) -> None:
    await slots.upsert_slots(conn, district.id, district.slots)
    needing = await kinds.select_codes_beyond_slots(conn, district.id, district.slots)
    if needing:
        problem = f"These kinds require a role that is missing here: {', '.join(needing)}."
        raise InUse(errors=(FieldError(in_="body", loc="slots", msg=problem),))
    await slots.delete_other_slots(conn, district.id, district.slots)


def _check_time_zone(name: str) -> None:
    if not is_time_zone(name):
        raise Invalid(errors=(FieldError(in_="body", loc="time_zone", msg="Give the name of an IANA time zone."),))


def _changed(district: District, now: datetime, account_id: UUID | None) -> NewEvent:
    return NewEvent(
        district_id=district.id, at=now, name="district.changed", account_id=account_id, data={"code": district.code}
    )


async def _load(conn: Connection, district_id: UUID) -> District:
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound
    return district
