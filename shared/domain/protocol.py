"""A protocol: a district's template of follow-ups; and those that every new district starts with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.follow_up import Expected, LedgerItem, Line
from shared.domain.ids import new_id
from shared.domain.kind import Kind

CONTACT_CLASSES = ("close", "secondary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One row of `protocols`. A follow-up copies what it needs, so that changing a protocol changes later follow-ups only."""

    id: UUID
    district_id: UUID
    code: str
    names: Mapping[str, str]  # language → name
    days: int
    lines: tuple[Line, ...]
    ledger: tuple[LedgerItem, ...] = ()
    lost_after_days: int | None = None
    for_contacts: tuple[str, ...] = ()  # the classes of contacts that get it by themselves
    active: bool = True
    created_at: datetime | None = None  # None: not stored yet


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedLine:
    """A line before it belongs to a district: `kind` is a code of the catalogue, `hours` are full hours of the day."""

    kind: str
    hours: tuple[int, ...]
    every: int = 1
    days: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedItem:
    """An item of a ledger before it belongs to a district."""

    code: str
    en: str
    zh: str
    kinds: tuple[str, ...]
    field: str | None = None
    expected: Expected = Expected.AS_PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedProtocol:
    """A protocol before it belongs to a district."""

    code: str
    en: str
    zh: str
    days: int
    lines: tuple[SeedLine, ...]
    ledger: tuple[SeedItem, ...]
    lost_after_days: int
    for_contacts: tuple[str, ...] = ()


_MEASURED = SeedItem(
    code="measured", en="Temperature measured", zh="已测体温", kinds=("temperature_check",), field="temperature_c"
)
_VISITED = SeedItem(code="visited", en="Visited at home", zh="已上门访视", kinds=("isolation_visit",))
_SUPPLIED = SeedItem(code="supplied", en="Supplied", zh="已送物资", kinds=("delivery",), expected=Expected.OPTIONAL)
_SWABBED = SeedItem(code="swabbed", en="Swabbed", zh="已采样", kinds=("home_swab",), expected=Expected.OPTIONAL)

# Fourteen days at home with two measurements a day and a visit every third day, seven days of watching: the practice of 2020–22.
SEED_PROTOCOLS: tuple[SeedProtocol, ...] = (
    SeedProtocol(
        code="home_isolation",
        en="Home isolation",
        zh="居家隔离",
        days=14,
        lines=(
            SeedLine(kind="temperature_check", hours=(8, 16)),
            SeedLine(kind="isolation_visit", hours=(10,), every=3),
            SeedLine(kind="release", hours=(9,), days=(-1,)),
        ),
        ledger=(_MEASURED, _VISITED, _SUPPLIED, _SWABBED),
        lost_after_days=2,
        for_contacts=("close",),
    ),
    SeedProtocol(
        code="health_monitoring",
        en="Health monitoring",
        zh="健康监测",
        days=7,
        lines=(SeedLine(kind="temperature_check", hours=(9,)),),
        ledger=(_MEASURED, _SUPPLIED, _SWABBED),
        lost_after_days=3,
        for_contacts=("secondary",),
    ),
    SeedProtocol(
        code="fever_watch",
        en="Fever watch",
        zh="发热观察",
        days=7,
        lines=(
            SeedLine(kind="temperature_check", hours=(8, 14, 20)),
            SeedLine(kind="isolation_visit", hours=(10,)),
        ),
        ledger=(_MEASURED, _VISITED, _SUPPLIED, _SWABBED),
        lost_after_days=1,
    ),
)


KINDS_OF_PROTOCOLS = frozenset(
    kind
    for seed in SEED_PROTOCOLS
    for kind in (*(line.kind for line in seed.lines), *(kind for item in seed.ledger for kind in item.kinds))
)
"""The codes of all kinds that they name."""


def seed_protocols(district_id: UUID, kinds: Collection[Kind]) -> tuple[Protocol, ...]:
    """The protocols of a new district with these kinds."""
    ids = {kind.code: kind.id for kind in kinds}
    return tuple(_protocol(seed, district_id, ids) for seed in SEED_PROTOCOLS)


def _protocol(seed: SeedProtocol, district_id: UUID, ids: Mapping[str, UUID]) -> Protocol:
    return Protocol(
        id=new_id(),
        district_id=district_id,
        code=seed.code,
        names={"en": seed.en, "zh": seed.zh},
        days=seed.days,
        lines=tuple(
            Line(
                kind_id=ids[line.kind], times=tuple(hour * 60 for hour in line.hours), every=line.every, days=line.days
            )
            for line in seed.lines
        ),
        ledger=tuple(_item(item, ids) for item in seed.ledger),
        lost_after_days=seed.lost_after_days,
        for_contacts=seed.for_contacts,
    )


def _item(seed: SeedItem, ids: Mapping[str, UUID]) -> LedgerItem:
    kind_ids: Sequence[UUID] = [ids[kind] for kind in seed.kinds]
    return LedgerItem(
        code=seed.code,
        names={"en": seed.en, "zh": seed.zh},
        kind_ids=tuple(kind_ids),
        field=seed.field,
        expected=seed.expected,
    )
