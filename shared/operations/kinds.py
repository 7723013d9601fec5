"""Kinds: made and changed; a changed form is a new version, the old ones stay."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.catalogue import seed_kinds
from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.kind import Kind
from shared.domain.words import Trigger
from shared.operations.forms import check_form
from shared.operations.repeats import first_or_taken, making
from shared.store import districts, kinds, protocols
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = (
    "district_id",
    "code",
    "names",
    "channel",
    "service_s",
    "required_roles",
    "required_capabilities",
    "due_after_s",
    "priority",
    "max_attempts",
    "retry_after_s",
    "retry_elsewhen",
    "expires",
    "suit",
    "follow_on",
    "then_follow_up",
    "raises_alarm",
    "quick_s",
    "far_m",
    "active",
)


async def create_kind(
    conn: Connection, kind: Kind, form: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> Kind:
    """A new kind with version 1 of its form. Raises Taken (code, or id with other content), Invalid (roles, follow-ons, form)."""
    check_form(form)
    async with making(conn, kind.id):
        await _check_references(conn, kind, None)
        first = await kinds.select_kind(conn, kind.id)
        if first is not None:
            return first_or_taken(first, kind, _SET_BY_PEOPLE)
        made = await kinds.insert_kind(conn, kind)
        await kinds.insert_form(conn, kind.id, kind.form_version, form)
        await insert_events(conn, [_changed(made, now, account_id)])
        return made


async def change_kind(
    conn: Connection,
    kind_id: UUID,
    changes: Mapping[str, Any],
    form: Mapping[str, Any] | None,
    *,
    now: datetime,
    account_id: UUID | None,
) -> Kind:
    """Change a kind for tasks made from now on; a form unlike the present one becomes its next version. Raises NotFound, Taken, Invalid."""
    if form is not None:
        check_form(form)
    with domain_errors():
        async with conn.transaction():
            known = await kinds.lock_kind(conn, kind_id)
            if known is None:
                raise NotFound
            kind = replace(known, **changes)
            await _check_references(conn, kind, known)
            if form is not None and form != await kinds.select_form(conn, kind_id, known.form_version):
                kind = replace(kind, form_version=known.form_version + 1)
                await kinds.insert_form(conn, kind_id, kind.form_version, form)
            made = await kinds.update_kind(conn, kind)
            await insert_events(conn, [_changed(made, now, account_id)])
            return made


async def make_usual_kinds(
    conn: Connection,
    district_id: UUID,
    *,
    now: datetime,
    account_id: UUID | None,
    only: Collection[str] | None = None,
    protocols_to_come: Collection[str] = (),
) -> list[Kind]:
    """Make the kinds of the catalogue (`only` these codes) that the district has not; what it has stays as it is. Returns those made.

    What follows from their visits names kinds and protocols that are there, or are about to be. Raises NotFound.
    """
    with domain_errors():
        async with conn.transaction():
            district = await districts.lock_district(conn, district_id)
            if district is None:
                raise NotFound
            there = {kind.code for kind in await kinds.select_all_kinds(conn, district_id)}
            seeds = [(kind, form) for kind, form in seed_kinds(district_id, district.slots) if kind.code not in there]
            wanted = [(kind, form) for kind, form in seeds if only is None or kind.code in only]
            codes = there | {kind.code for kind, _ in wanted}
            targets = await _protocols_named(conn, [kind for kind, _ in wanted]) | set(protocols_to_come)
            made = []
            for kind, form in wanted:
                stored = await kinds.insert_kind(conn, _without_missing(kind, codes, targets))
                await kinds.insert_form(conn, stored.id, stored.form_version, form)
                made.append(stored)
            await insert_events(conn, [_changed(kind, now, account_id) for kind in made])
            return made


async def _protocols_named(conn: Connection, named_by: Collection[Kind]) -> set[str]:
    """The codes of those protocols to which these kinds of one district convert a follow-up, and that it has."""
    named = {rule["convert_to"] for kind in named_by for rule in kind.then_follow_up.values() if "convert_to" in rule}
    if not named:
        return set()
    return set(await protocols.select_protocols_by_code(conn, next(iter(named_by)).district_id, named))


def _without_missing(kind: Kind, codes: Collection[str], targets: Collection[str]) -> Kind:
    """Without follow-ons and conversions to what the district does not have."""
    follow_on = {
        trigger: tuple(code for code in several if code in codes) for trigger, several in kind.follow_on.items()
    }
    return replace(
        kind,
        follow_on={trigger: several for trigger, several in follow_on.items() if several},
        then_follow_up={
            trigger: rule
            for trigger, rule in kind.then_follow_up.items()
            if "convert_to" not in rule or rule["convert_to"] in targets
        },
    )


async def _check_references(conn: Connection, kind: Kind, before: Kind | None) -> None:
    """Raises Invalid naming roles that are no slots of the district, and follow-ons on what is no trigger or that are no kinds of it.

    What a kind had `before` it keeps: earlier releases took any word for a trigger.
    """
    district = await districts.select_district(conn, kind.district_id)
    if district is None:
        raise NotFound
    codes = {known.code for known in await kinds.select_all_kinds(conn, kind.district_id)} | {kind.code}
    wrong = [
        FieldError(in_="body", loc=f"required_roles.{index}", msg="The district has no such slot.")
        for index, role in enumerate(kind.required_roles)
        if role not in district.slots
    ] + [
        FieldError(in_="body", loc=f"follow_on.{trigger}", msg="The district has no such kind.")
        for trigger, follow_ons in kind.follow_on.items()
        if not codes.issuperset(follow_ons)
    ]
    there = {*Trigger, *(before.follow_on if before else ())}
    wrong += [
        FieldError(in_="body", loc=f"follow_on.{trigger}", msg=f"Give one of: {', '.join(Trigger)}.")
        for trigger in kind.follow_on
        if trigger not in there
    ]
    known = await _protocols_named(conn, [kind])
    wrong += [
        FieldError(in_="body", loc=f"then_follow_up.{trigger}.convert_to", msg="The district has no such protocol.")
        for trigger, rule in kind.then_follow_up.items()
        if "convert_to" in rule and rule["convert_to"] not in known
    ]
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _changed(kind: Kind, now: datetime, account_id: UUID | None) -> NewEvent:
    return NewEvent(
        district_id=kind.district_id,
        at=now,
        name="kind.changed",
        account_id=account_id,
        data={"kind_id": str(kind.id), "code": kind.code, "form_version": kind.form_version},
    )
