"""A problem as JSON, `doorstep-problem/1`: what a plan was made from, to be planned again and looked at. Ids and figures only.

It has the fields of `Problem` and a `format`; a round's problem also has its number, as `round`: it turns the cuts. Instead of points it
may carry travel times: `durations`, by name a square matrix of whole seconds from row to column; then a team's `pace` is
`{"durations": NAME}`, and its `place` and a task's `point` are `{"place": ROW}`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
from pydantic import Field, TypeAdapter

from services.worker.planner.problem import Problem, TravelTimes
from services.worker.travel.great_circle import GreatCircle
from services.worker.travel.matrix import MOST_PLACES, Given, GivenPace, point_of
from shared.domain.errors import NaiveTime
from shared.domain.geography import Pace

FORMAT = "doorstep-problem/1"

MakeTravel = Callable[[Sequence[Pace]], TravelTimes]
Durations = dict[str, list[list[Annotated[int, Field(ge=0, le=10_000_000)]]]]

_PROBLEM = TypeAdapter(Problem)
_DURATIONS = TypeAdapter(Durations)


def problem_as_json(problem: Problem, *, number: int | None = None) -> dict[str, Any]:
    """The problem as plain JSON, with its points but without the teams' members. `number`: of the round that it was the problem of."""
    teams = tuple(replace(team, members=()) for team in problem.teams)
    said = {"format": FORMAT} if number is None else {"format": FORMAT, "round": number}
    return {**said, **_PROBLEM.dump_python(replace(problem, teams=teams), mode="json")}


def round_of(content: Mapping[str, Any]) -> int:
    """Which of its district's rounds that JSON value was the problem of; 0 where it does not say. Raises ValueError."""
    number = content.get("round", 0)
    if not isinstance(number, int):
        raise ValueError("round is no number")
    return number


def problem_of(content: Mapping[str, Any]) -> tuple[Problem, MakeTravel]:
    """The problem that this JSON value says, and its travel times. Raises ValueError, pydantic's ValidationError among them."""
    if content.get("format") != FORMAT:
        raise ValueError(f"the format is not {FORMAT}")
    said = {name: value for name, value in content.items() if name not in ("format", "round", "durations")}
    try:
        if "durations" not in content:
            return _PROBLEM.validate_python(said), GreatCircle
        return _with_durations(said, _DURATIONS.validate_python(content["durations"])), Given
    except NaiveTime as error:
        raise ValueError(str(error)) from error


def _with_durations(said: Mapping[str, Any], durations: Durations) -> Problem:
    paces = {name: _given_pace(name, rows) for name, rows in durations.items()}
    places = min((len(pace.seconds_between) for pace in paces.values()), default=0)
    if not isinstance(said.get("teams"), list):
        raise ValueError("teams is no list")
    names = [_pace_name(team) for team in said["teams"]]
    if unknown := set(names) - paces.keys():
        raise ValueError(f"there are no durations {sorted(unknown)}")
    problem = _PROBLEM.validate_python(_with_points(_without_paces(said), places))
    teams = tuple(replace(team, pace=paces[name]) for team, name in zip(problem.teams, names, strict=True))
    return replace(problem, teams=teams)


def _given_pace(name: str, rows: list[list[int]]) -> GivenPace:
    if any(len(row) != len(rows) for row in rows) or len(rows) > MOST_PLACES:
        raise ValueError(f"durations {name} are not square, or more than {MOST_PLACES}")
    return GivenPace(seconds_between=np.array(rows, dtype=np.int64).reshape(len(rows), len(rows)))


def _pace_name(team: Any) -> str:
    match team:
        case {"pace": {"durations": str(name)}}:
            return name
    raise ValueError("where durations are given, a team's pace is the name of some")


def _without_paces(said: Mapping[str, Any]) -> dict[str, Any]:
    stand_in = {"kmh": 1.0}  # until the given one takes its place
    return {**said, "teams": [{**team, "pace": stand_in} for team in said["teams"]]}


def _with_points(value: Any, places: int) -> Any:
    """The same with the points that stand for places."""
    match value:
        case {"place": int(place)} if len(value) == 1:
            if not 0 <= place < places:
                raise ValueError(f"there is no place {place} in the durations")
            point = point_of(place)
            return {"lat": point.lat, "lon": point.lon}
        case dict():
            return {name: _with_points(inner, places) for name, inner in value.items()}
        case list() | tuple():
            return [_with_points(inner, places) for inner in value]
    return value
