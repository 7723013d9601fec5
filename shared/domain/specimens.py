"""Specimens on their way to the lab: pick-up points, rounds, and which swab is on which leg.

A *leg* is one transport, from one pick-up point at the end of one round to the lab. It is known by its task, so it never has two.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.domain.clock import aware, end_of_day, start_of_day
from shared.domain.geography import Point, metres_between
from shared.domain.reports import Visit
from shared.domain.words import Status

SPECIMEN_TRANSPORT = "specimen_transport"
"""The kind of a leg's task."""
HOME_SWAB = "home_swab"


class LegStatus(StrEnum):
    """Where a leg stands: derived from its task."""

    WAITING = "waiting"
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"
    VOID = "void"  # its task ended without a pick-up; what was on it goes with the next one


def leg_status(status: Status, *, arrived: bool) -> LegStatus:
    """Of a task's status and whether its team stands, or stood, at the pick-up point."""
    if status is Status.COMPLETED:
        return LegStatus.DELIVERED
    if status.is_closed:
        return LegStatus.VOID
    return LegStatus.PICKED_UP if arrived else LegStatus.WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class PickUpPoint:
    """Where teams leave their tubes, and to which lab they go. `kinds`: codes of the kinds whose visits leave something there."""

    id: UUID
    district_id: UUID
    household_id: UUID  # its door: address and point
    name: str
    address: str = ""
    point: Point
    lab_address: str
    kinds: tuple[str, ...] = (HOME_SWAB,)
    active: bool = True
    created_at: datetime | None = None  # None: not stored yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A tube that a visit left at a pick-up point. `visit_id`: what is recorded of it, the correction where there is one."""

    visit_id: UUID
    leg_id: UUID
    leg_status: LegStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting:
    """What becomes of a task's tubes, each named by its visit: those that need a leg, those that another visit tells of now (before →
    now; done first), and those that there never were."""

    for_a_leg: tuple[UUID, ...]
    renamed: Mapping[UUID, UUID]
    gone: tuple[UUID, ...]


def is_specimen(visit: Visit) -> bool:
    """Whether a visit brought a tube: it counted, stands, saw the person, and does not say that no sample was taken."""
    taken = visit.result.get("sample_taken") is not False
    return visit.counted and visit.struck_at is None and visit.outcome.saw_the_person and taken


def sort_specimens(visits: Iterable[Visit], known: Iterable[Specimen]) -> Sorting:
    """Compare a task's visits with the specimens known of it.

    A correction tells of the same tube. A tube whose visit was entered in error is none, unless it was picked up: then it is in the box.
    What is on a leg that was not made needs another.
    """
    by_id = {visit.id: visit for visit in visits}
    corrections = {visit.replaces_id: visit for visit in by_id.values() if visit.replaces_id is not None}
    told: set[UUID] = set()
    renamed: dict[UUID, UUID] = {}
    gone: list[UUID] = []
    for_a_leg: list[UUID] = []
    for specimen in known:
        last = by_id[specimen.visit_id]
        while last.id in corrections:
            last = corrections[last.id]
        told |= {specimen.visit_id, last.id}
        if is_specimen(last):
            if last.id != specimen.visit_id:
                renamed[specimen.visit_id] = last.id
            if specimen.leg_status is LegStatus.VOID:
                for_a_leg.append(last.id)
        elif specimen.leg_status in (LegStatus.WAITING, LegStatus.VOID):
            gone.append(specimen.visit_id)
    for_a_leg += [visit.id for visit in by_id.values() if visit.id not in told and is_specimen(visit)]
    return Sorting(for_a_leg=tuple(for_a_leg), renamed=renamed, gone=tuple(gone))


def tubes(specimens: Iterable[tuple[UUID, str | None]]) -> int:
    """How many tubes (visit, tube code) are: several people's swabs may go into one, which then has one code."""
    return len({code.strip() if code and code.strip() else visit_id for visit_id, code in specimens})


def round_end(now: datetime, time_zone: str, round_s: int) -> datetime:
    """The end of the round in which `now` lies, in UTC. Rounds begin with the district's day; its last one ends with the day."""
    begins = start_of_day(now, time_zone)
    rounds = (aware(now) - begins) // timedelta(seconds=round_s) + 1
    return min(begins + rounds * timedelta(seconds=round_s), end_of_day(now, time_zone))


def nearest_point(points: Collection[PickUpPoint], kind: str, place: Point | None) -> PickUpPoint | None:
    """The active point for that kind that is nearest to `place`; the oldest where nobody knows the place. None: there is none."""
    taking = [point for point in points if point.active and kind in point.kinds]
    if place is None:
        return min(taking, key=lambda point: point.id, default=None)
    return min(taking, key=lambda point: (metres_between(place, point.point), point.id), default=None)
