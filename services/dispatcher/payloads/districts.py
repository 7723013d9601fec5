"""Districts."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, create_model

from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import Code, Id, Name, Payload
from shared.domain.district import OPTIONAL_SETTINGS, SETTING_BOUNDS, District, DistrictSettings, settings_to_json
from shared.domain.words import DEFAULT_SLOTS

Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$"), Field(examples=["doctor"])]


def _each_once(roles: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(roles)) < len(roles):
        raise ValueError("Name each once.")
    return roles


Slots = Annotated[
    tuple[Role, ...],
    Field(min_length=1, max_length=12, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]
TimeZone = Annotated[
    str, StringConstraints(min_length=1, max_length=64), Field(description="an IANA name", examples=["Asia/Shanghai"])
]


def _settings_model() -> Any:
    """One field for each setting, bounded as the domain bounds it."""
    fields: dict[str, Any] = {}
    for name, default in settings_to_json(DistrictSettings()).items():
        low, high = SETTING_BOUNDS[name]
        number: Any = Annotated[float if isinstance(default, float) else int, Field(ge=low, le=high)]
        fields[name] = (number | None if name in OPTIONAL_SETTINGS else number, left_out())
    return create_model("DistrictSettings", __base__=Changes, __doc__="What a district sets.", **fields)


SettingsIn: Any = _settings_model()


class NewDistrict(Payload):
    """A district starts with the kinds of the catalogue. `slots` are the roles of its teams, in the order in which people name them."""

    id: Id | None = None
    code: Code
    name: Name
    time_zone: TimeZone
    slots: Slots = DEFAULT_SLOTS
    settings: SettingsIn = Field(default_factory=SettingsIn)


class DistrictPatch(Changes):
    code: Code = left_out()
    name: Name = left_out()
    time_zone: TimeZone = left_out()
    slots: Slots = left_out()
    settings: SettingsIn = left_out()


class DistrictOut(Payload):
    id: UUID
    code: str
    name: str
    time_zone: str
    slots: list[str]
    settings: dict[str, float | int | None]
    created_at: datetime | None

    @classmethod
    def of(cls, district: District) -> "DistrictOut":
        return cls(
            id=district.id,
            code=district.code,
            name=district.name,
            time_zone=district.time_zone,
            slots=list(district.slots),
            settings=settings_to_json(district.settings),
            created_at=district.created_at,
        )
