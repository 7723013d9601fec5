"""Every error has a status and a problem document; the unknown is opaque."""

import logging
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.dispatcher import problems, refusals
from services.dispatcher.app import create_app
from services.dispatcher.contract import PUBLIC, Route
from services.dispatcher.payloads.health import Health
from services.dispatcher.problems import problem_of, status_of
from services.dispatcher.request import Request
from shared.domain import errors
from shared.domain.errors import DomainError, FieldError, Invalid
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
