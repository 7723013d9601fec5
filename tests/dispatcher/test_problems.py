"""Every error has a status and a problem document; the unknown is opaque."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Literal

import orjson
import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.dispatcher import problems, refusals
from services.dispatcher.app import create_app
from services.dispatcher.contract import PUBLIC, Route
from services.dispatcher.payloads.fields import Name
from services.dispatcher.payloads.health import Health
from services.dispatcher.payloads.subjects import FlagValue
from services.dispatcher.problems import problem_of, status_of
from services.dispatcher.request import Request
from shared.domain import errors
from shared.domain.clock import utc_now
from shared.domain.errors import DomainError, FieldError, Invalid
from shared.domain.ids import new_id
from shared.domain.words import AlarmLevel, Permission
from shared.settings import Settings
from tests.calls import Caller


def all_errors(parent: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for child in parent.__subclasses__():
        yield child
        yield from all_errors(child)


@pytest.mark.parametrize("error", sorted(set(all_errors()), key=lambda e: e.__name__))
def test_every_error_has_a_status_a_message_and_a_code(error: type[DomainError]) -> None:
    assert 400 <= status_of(error) < 600
    assert error.message().endswith(".")
    assert error.code == error.code.lower()


def test_the_table_names_only_errors_that_exist() -> None:
    assert set(problems.STATUSES) <= set(all_errors())
    assert {error.__module__ for error in problems.STATUSES} == {errors.__name__, refusals.__name__}


def test_a_problem_names_every_bad_field() -> None:
    wrong = (FieldError(in_="body", loc="household.lat", msg="Too far north."),)
    assert problem_of(Invalid("See errors.", errors=wrong), request_id="r1").model_dump(mode="json") == {
        "type": "urn:doorstep:invalid",
        "title": "Some fields are not valid.",
        "status": HTTPStatus.UNPROCESSABLE_ENTITY,
        "code": "invalid",
        "detail": "See errors.",
        "errors": [{"in": "body", "loc": "household.lat", "msg": "Too far north."}],
        "request_id": "r1",
    }


async def get_broken(_request: Request) -> Health:
    raise ValueError("Wang Fang has 39.1 °C")


async def test_the_unknown_is_opaque_to_the_caller_and_says_nothing_personal_in_the_log(
    settings: Settings, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    routes = [Route("GET", "/broken", get_broken, allow=PUBLIC, summary="Breaks", tag="test")]
    async with TestClient(TestServer(create_app(settings, routes))) as http:
        with caplog.at_level(logging.INFO):
            answer = await Caller(http).send("GET", "/broken", expect=500, headers={"X-Request-ID": "abc-1"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["request_id"] == "abc-1"
    said = caplog.text + "".join(capsys.readouterr())
    assert "request_broke" in said
    assert "get_broken" in said
    assert "Wang" not in said + answer.content.decode()


class Counted(BaseModel):
    """Something of every sort that payloads have."""

    model_config = ConfigDict(extra="forbid")

    times: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("08:00",)
    names: dict[str, str] = {}
    far_m: Annotated[int, Field(ge=1, le=90)] = 1
    lat: Annotated[float, Field(ge=-90, le=90)] = 0
    level: AlarmLevel = AlarmLevel.TEAM
    permission: Literal[Permission.ADMIN, Permission.AUDITOR] = Permission.ADMIN
    flags: dict[str, FlagValue] = {}
    name: Name = "Wang"
    active: bool = True
    home: Health | None = None


@pytest.mark.parametrize(
    ("field", "value", "loc", "said"),
    [
        ("times", ["a", "b", "c"], "times", "Give at most 2 items."),
        ("times", [], "times", "Give at least 1 item."),
        ("times", {}, "times", "Give a list."),
        ("names", [], "names", "Give an object."),
        ("names", {"en": 1}, "names.en", "Give a text."),
        ("far_m", 91, "far_m", "Give 90 or less."),
        ("far_m", "1", "far_m", "Give a whole number."),
        ("lat", -91, "lat", "Give -90 or more."),
        ("lat", "N", "lat", "Give a number."),
        ("level", "Wang", "level", "Give one of: team, coordinator, lead."),
        ("permission", "Wang", "permission", "Give one of: admin, auditor."),
        ("flags", {"a": []}, "flags.a", "Give true or false, a whole number or a text."),
        ("flags", {"a": "x" * 300}, "flags.a", "Give at most 200 characters."),
        ("name", "", "name", "Give at least 1 character."),
        ("active", "yes", "active", "Give true or false."),
        ("home", "Wang", "home", "Give an object."),
        ("else", 1, "else", "There is no such field."),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_bad_field_is_named_in_words_that_know_nothing_of_python(
    field: str, value: object, loc: str, said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Counted.model_validate_json(orjson.dumps({field: value}), strict=True)
    assert [(one.loc, one.msg) for one in problem_of(caught.value).errors] == [(loc, said)]


async def test_a_report_of_a_kind_that_is_none_is_answered_without_repeating_it(member: Caller) -> None:
    one = {"id": str(new_id()), "at": utc_now(), "report": "Wang Fang has 39.1 °C"}
    answer = await member.send("POST", "/v1/me/reports", {"sent_at": utc_now(), "reports": [one]}, expect=200)
    assert "Wang" not in answer.content.decode()
    (wrong,) = answer.json["items"][0]["problem"]["errors"]
    assert wrong["msg"].startswith("Give one of: accept, decline, ")
