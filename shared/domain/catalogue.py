"""The kinds of real work that every new district starts with. Service minutes and deadlines come from reports of the teams of 2020–22."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.domain import forms
from shared.domain.forms import Schema
from shared.domain.ids import new_id
from shared.domain.kind import Kind
from shared.domain.specimens import SPECIMEN_TRANSPORT
from shared.domain.words import Channel, Trigger

_MINUTE = 60
_HOUR = 3600

GRID_WORKER, DOCTOR, POLICE = "grid_worker", "doctor", "police"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedKind:
    """A kind before it belongs to a district. `due_after_s` None: the end of the day."""

    code: str
    en: str
    zh: str
    form: Schema
    roles: tuple[str, ...]
    service_s: int
    due_after_s: int | None
    priority: int
    max_attempts: int = 3
    retry_after_s: int = 2 * _HOUR
    expires: bool = False
    suit: bool = False
    channel: Channel = Channel.VISIT
    capabilities: tuple[str, ...] = ()
    retry_elsewhen: bool = False
    follow_on: Mapping[Trigger, tuple[str, ...]] = field(default_factory=dict)
    then_follow_up: Mapping[Trigger, Mapping[str, Any]] = field(default_factory=dict)
    alarms: tuple[Trigger, ...] = ()


_QUICK_S = 30
"""Nobody rings, waits and asks at one door within half a minute of another."""
_FAR_M = 500
"""Phones between high houses are off by up to 200 m; doors on the map by as much."""

_FEVER_FOLLOW_ON = {Trigger.FEVER: ("home_swab", "doctor_visit")}
_WATCH_FEVER = {Trigger.FEVER: {"convert_to": "fever_watch"}}
# Who is isolated and does not open, or threatens, is for the police and the grid worker.
_NOT_LET_IN = {Trigger.REFUSED: ("breach_check",), Trigger.UNSAFE: ("breach_check",)}

SEED_KINDS: tuple[SeedKind, ...] = (
    SeedKind(
        code="temperature_check",
        en="Temperature check",
        zh="体温测量",
        form=forms.TEMPERATURE_CHECK,
        roles=(DOCTOR,),
        service_s=3 * _MINUTE,
        due_after_s=6 * _HOUR,
        priority=3,
        expires=True,  # the next one is due by then
        follow_on={**_FEVER_FOLLOW_ON, **_NOT_LET_IN},
        then_follow_up=_WATCH_FEVER,
        alarms=(Trigger.FEVER, Trigger.REFUSED, Trigger.UNSAFE),
    ),
    SeedKind(
        code="screening_visit",
        en="Screening visit",
        zh="入户排查",
        form=forms.SCREENING_VISIT,
        roles=(GRID_WORKER, DOCTOR),
        service_s=6 * _MINUTE,
        due_after_s=24 * _HOUR,
        priority=3,
        retry_elsewhen=True,
        follow_on={**_FEVER_FOLLOW_ON, Trigger.WRONG_ADDRESS: ("info_verification",)},
        alarms=(Trigger.FEVER,),
    ),
    SeedKind(
        code="isolation_visit",
        en="Isolation visit",
        zh="居家隔离访视",
        form=forms.ISOLATION_VISIT,
        roles=(GRID_WORKER, DOCTOR),
        service_s=8 * _MINUTE,
        due_after_s=12 * _HOUR,
        priority=4,
        then_follow_up=_WATCH_FEVER,
        follow_on={**_FEVER_FOLLOW_ON, **_NOT_LET_IN, Trigger.NOT_EXECUTABLE: ("breach_check",)},
        alarms=(Trigger.FEVER, Trigger.REFUSED, Trigger.UNSAFE, Trigger.NOT_EXECUTABLE),
    ),
    SeedKind(
        code="trace_call",
        en="Trace call",
        zh="流调电话",
        form=forms.TRACE_CALL,
        roles=(GRID_WORKER,),
        channel=Channel.PHONE,
        service_s=4 * _MINUTE,
        due_after_s=2 * _HOUR,
        priority=5,
        max_attempts=5,
        retry_after_s=20 * _MINUTE,
        follow_on={Trigger.NOT_EXECUTABLE: ("info_verification",), Trigger.WRONG_ADDRESS: ("info_verification",)},
    ),
    SeedKind(
        code="home_swab",
        en="Swab at home",
        zh="上门采样",
        form=forms.HOME_SWAB,
        roles=(DOCTOR,),
        capabilities=("swab",),
        suit=True,
        service_s=6 * _MINUTE,
        due_after_s=4 * _HOUR,
        priority=4,
        retry_after_s=1 * _HOUR,
        follow_on=_NOT_LET_IN,
        alarms=(Trigger.REFUSED, Trigger.UNSAFE, Trigger.NOT_EXECUTABLE),
    ),
    SeedKind(
        code=SPECIMEN_TRANSPORT,
        en="Specimen transport",
        zh="标本转运",
        form=forms.SPECIMEN_TRANSPORT,
        roles=(GRID_WORKER,),
        service_s=15 * _MINUTE,  # packing, the way to the lab, handing over
        due_after_s=90 * _MINUTE,
        priority=4,
        max_attempts=5,
        retry_after_s=10 * _MINUTE,
    ),
    SeedKind(
        code="delivery",
        en="Delivery",
        zh="物资配送",
        form=forms.DELIVERY,
        roles=(GRID_WORKER,),
        service_s=4 * _MINUTE,
        due_after_s=8 * _HOUR,
        priority=2,
        retry_elsewhen=True,
    ),
    SeedKind(
        code="door_sensor_check",
        en="Door sensor check",
        zh="门磁检查",
        form=forms.DOOR_SENSOR_CHECK,
        roles=(GRID_WORKER,),
        service_s=4 * _MINUTE,
        due_after_s=2 * _HOUR,
        priority=4,
        retry_after_s=1 * _HOUR,
        follow_on=_NOT_LET_IN,
        alarms=(Trigger.REFUSED, Trigger.UNSAFE),
    ),
    SeedKind(
        code="disinfection",
        en="Disinfection",
        zh="消毒",
        form=forms.DISINFECTION,
        roles=(GRID_WORKER,),
        service_s=20 * _MINUTE,
        due_after_s=24 * _HOUR,
        priority=2,
    ),
    SeedKind(
        code="waste_collection",
        en="Waste collection",
        zh="垃圾清运",
        form=forms.WASTE_COLLECTION,
        roles=(GRID_WORKER,),
        service_s=3 * _MINUTE,
        due_after_s=None,
        priority=2,
        expires=True,
    ),
    SeedKind(
        code="need_assessment",
        en="Need assessment",
        zh="需求摸排",
        form=forms.NEED_ASSESSMENT,
        roles=(GRID_WORKER,),
        service_s=8 * _MINUTE,
        due_after_s=24 * _HOUR,
        priority=2,
        retry_elsewhen=True,
    ),
    SeedKind(
        code="psychological_support",
        en="Psychological support",
        zh="心理疏导",
        form=forms.PSYCHOLOGICAL_SUPPORT,
        roles=(DOCTOR,),
        service_s=20 * _MINUTE,
        due_after_s=24 * _HOUR,
        priority=3,
        retry_elsewhen=True,
    ),
    SeedKind(
        code="breach_check",
        en="Breach check",
        zh="违规核查",
        form=forms.BREACH_CHECK,
        roles=(GRID_WORKER, POLICE),
        service_s=10 * _MINUTE,
        due_after_s=1 * _HOUR,
        priority=5,
        retry_after_s=30 * _MINUTE,
        alarms=(Trigger.UNSAFE,),
    ),
    SeedKind(
        code="info_verification",
        en="Information check",
        zh="信息核实",
        form=forms.INFO_VERIFICATION,
        roles=(GRID_WORKER,),
        service_s=4 * _MINUTE,
        due_after_s=None,
        priority=3,
        retry_elsewhen=True,
    ),
    SeedKind(
        code="notice",
        en="Notice",
        zh="告知送达",
        form=forms.NOTICE,
        roles=(GRID_WORKER,),
        service_s=3 * _MINUTE,
        due_after_s=24 * _HOUR,
        priority=2,
        retry_elsewhen=True,
    ),
    SeedKind(
        code="doctor_visit",
        en="Doctor's visit",
        zh="医生上门诊察",
        form=forms.DOCTOR_VISIT,
        roles=(DOCTOR,),
        service_s=12 * _MINUTE,
        due_after_s=2 * _HOUR,
        priority=5,
        retry_after_s=30 * _MINUTE,
        alarms=(Trigger.REFUSED, Trigger.NOT_EXECUTABLE),
    ),
    SeedKind(
        code="transfer_escort",
        en="Transfer escort",
        zh="转运护送",
        form=forms.TRANSFER_ESCORT,
        roles=(GRID_WORKER, DOCTOR, POLICE),
        service_s=30 * _MINUTE,
        due_after_s=2 * _HOUR,
        priority=5,
        max_attempts=5,
        retry_after_s=30 * _MINUTE,
    ),
    SeedKind(
        code="release",
        en="Release from isolation",
        zh="解除隔离",
        form=forms.RELEASE,
        roles=(GRID_WORKER, DOCTOR),
        service_s=8 * _MINUTE,
        due_after_s=12 * _HOUR,
        priority=3,
        then_follow_up={Trigger.COMPLETED: {"end": "completed", "when": {"released": True}}},
    ),
)


def seed_kinds(district_id: UUID, slots: Collection[str]) -> tuple[tuple[Kind, Schema], ...]:
    """The kinds of a new district with their forms. A role that its teams lack is not asked for; the first slot stands in for all."""
    return tuple((_kind(seed, district_id, tuple(slots)), seed.form) for seed in SEED_KINDS)


def _kind(seed: SeedKind, district_id: UUID, slots: tuple[str, ...]) -> Kind:
    return Kind(
        id=new_id(),
        district_id=district_id,
        code=seed.code,
        names={"en": seed.en, "zh": seed.zh},
        channel=seed.channel,
        service_s=seed.service_s,
        required_roles=tuple(role for role in seed.roles if role in slots) or slots[:1],
        required_capabilities=seed.capabilities,
        due_after_s=seed.due_after_s,
        priority=seed.priority,
        max_attempts=seed.max_attempts,
        retry_after_s=seed.retry_after_s,
        expires=seed.expires,
        suit=seed.suit,
        retry_elsewhen=seed.retry_elsewhen,
        follow_on={trigger.value: kinds for trigger, kinds in seed.follow_on.items()},
        then_follow_up={trigger.value: dict(rule) for trigger, rule in seed.then_follow_up.items()},
        raises_alarm=tuple(trigger.value for trigger in seed.alarms),
        quick_s=_QUICK_S if seed.channel is Channel.VISIT else None,
        far_m=_FAR_M if seed.channel is Channel.VISIT else None,
    )
