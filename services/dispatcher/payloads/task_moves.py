"""What moving tasks by hand does: to each, and to the walk of the team that gets them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from services.dispatcher.payloads.fields import Payload
from services.dispatcher.payloads.task_views import Sentences, TaskOut
from services.dispatcher.problems import Problem
from shared.domain.explain import Given, Names, what_it_does
from shared.operations.by_hand import Effect
from shared.operations.walks import stops_json


class StopShown(Payload):
    """One stop of a walk: tasks at one door, one after the other. The team's break is a stop without tasks and with one `begin_at`."""

    break_: bool = Field(False, alias="break")
    task_ids: list[UUID]
    travel_s: int
    arrive_at: datetime
    begin_at: list[datetime]
    leave_at: datetime


class TaskEffect(Payload):
    """What assigning a task does to the team's walk, `why` in words. `breaks` is empty where the team can do it and nobody else pays."""

    breaks: list[str]
    why: Sentences
    begin_at: datetime
    late_s: int
    added_travel_s: int
    made_late: list[UUID]
    overrun_s: int

    @classmethod
    def of(cls, effect: Effect, team_id: UUID, names: Names) -> "TaskEffect":
        return cls(**_figures(effect, team_id, names))


class WalkChange(Payload):
    """The team's walk before and after."""

    before: list[StopShown]
    after: list[StopShown]

    @classmethod
    def over(cls, effects: Sequence[Effect]) -> "WalkChange | None":
        """What tasks do that are assigned one after the other; None: there are none."""
        return cls(**_walks(effects[0], effects[-1])) if effects else None


class EffectOut(TaskEffect, WalkChange):
    """What assigning does to the team's walk, `why` in words. `breaks` is empty where the team can do it and nobody else pays."""

    @classmethod
    def of(cls, effect: Effect, team_id: UUID, names: Names) -> "EffectOut":
        return cls(**_figures(effect, team_id, names), **_walks(effect, effect))


def _figures(effect: Effect, team_id: UUID, names: Names) -> dict[str, Any]:
    given = Given(team_id, effect.begin_at, effect.reason, effect.breaks)
    return {
        "breaks": list(effect.breaks),
        "why": Sentences.of(what_it_does(given, names)),
        "begin_at": effect.begin_at,
        "late_s": ceil(effect.late_s),
        "added_travel_s": effect.added_travel_s,
        "made_late": list(effect.made_late),
        "overrun_s": effect.overrun_s,
    }


def _walks(first: Effect, last: Effect) -> dict[str, list[StopShown]]:
    return {"before": stops_shown(stops_json(first.before)), "after": stops_shown(stops_json(last.after))}


class AssignOut(Payload):
    """The task as it is now (with `preview`: as it stays), and what it does or would do to the route."""

    task: TaskOut
    effect: EffectOut


class BulkItem(Payload):
    """`problem` says why it was refused. `effect`: what assigning this one does (with `preview`: would do; refused without `force` where it
    `breaks` something)."""

    task_id: UUID
    status: Literal["done", "refused"]
    problem: Problem | None = None
    effect: TaskEffect | None = None


class BulkOut(Payload):
    """One item for each task, in the order given. `walk`: what assigning them all does to the team's."""

    items: list[BulkItem]
    walk: WalkChange | None = None


def stops_shown(stops: Sequence[Mapping[str, Any]]) -> list[StopShown]:
    return [StopShown.model_validate(stop) for stop in stops]
