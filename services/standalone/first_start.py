"""What a new standalone system begins with: an admin, a coordinator, a small city with teams on shift and a morning's tasks."""

import random
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp

from services.demo.city import City, made_up_city
from services.demo.client import Api, ApiRefused
from services.demo.setup import Plan, Team, planned_teams, set_up
from services.demo.workload import arrivals
from services.standalone.state import Login
from shared.domain.clock import utc_now
from shared.domain.errors import Taken
from shared.domain.words import Permission
from shared.operations.accounts import create_account
from shared.operations.sessions import hash_secret
from shared.store.connection import connect

CODE = "demo"
_SEED = 1
_TEAMS = 4
_TASKS = 30
_DAYS = 14
_SHIFT = timedelta(hours=8)


def first_logins() -> list[Login]:
    """Who may log in at first: admin and coordinator with fresh secrets, one team with phone numbers and PINs.

    Everything about the city follows from the admin's secret: keep these before calling `make_first_city`, and an interrupted first start
    can be repeated.
    """
    admin = Login(who=Permission.ADMIN, name="admin", secret=secrets.token_urlsafe(12))
    desk = Login(who=Permission.COORDINATOR, name="coordinator", secret=secrets.token_urlsafe(12))
    team = _teams(made_up_city(_SEED), admin.secret)[0]
    return [
        admin,
        desk,
        *(Login(who=f"{team.code} {member.role}", name=member.phone, secret=member.pin) for member in team.members),
    ]


async def make_first_city(postgres_url: str, url: str, logins: Sequence[Login]) -> None:
    """Make accounts and city, the admin in Postgres, all else through the API at `url`. What is there already stays."""
    admin, desk = logins[0], logins[1]
    await _make_admin(postgres_url, admin)
    city = made_up_city(_SEED)
    plan = Plan(
        code=CODE,
        name="柳河 Liuhe (demo)",
        city=city,
        teams=_teams(city, admin.secret),
        shifts=list(_shifts(utc_now().astimezone(ZoneInfo(city.time_zone)))),
        # Its people are there round the clock, in every shift: no rule of rest may send them home.
        settings={"rest_between_shifts_s": None, "most_days_in_a_row": None},
    )
    async with aiohttp.ClientSession() as session:
        api = Api(session, url)
        logged_in = await api.send("POST", "/v1/sessions", {"name": admin.name, "secret": admin.secret})
        api = api.with_token(logged_in.body["token"])
        await set_up(api, plan)
        await _make_desk(api, desk)
        await api.post(
            "/v1/tasks/batch", {"district": CODE, "tasks": [task.body for task in arrivals(city, _TASKS, _SEED)]}
        )


async def _make_admin(postgres_url: str, login: Login) -> None:
    async with connect(postgres_url, application_name="doorstep-first-start") as conn:
        try:
            await create_account(
                conn,
                name=login.name,
                secret_hash=await hash_secret(login.secret),
                permission=Permission.ADMIN,
                districts=(),
                now=utc_now(),
            )
        except Taken:  # by an earlier first start that was interrupted
            return


async def _make_desk(api: Api, login: Login) -> None:
    body = {"name": login.name, "secret": login.secret, "permission": Permission.COORDINATOR, "districts": [CODE]}
    try:
        await api.post("/v1/accounts", body)
    except ApiRefused as refused:
        if refused.status != 409:
            raise


def _teams(city: City, secret: str) -> tuple[Team, ...]:
    return planned_teams(CODE, city, _TEAMS, random.Random(secret))  # noqa: S311 - as secret as its seed


def _shifts(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Eight hours each, round the clock, from the one that runs now."""
    start = now.replace(hour=now.hour // 8 * 8, minute=0, second=0, microsecond=0)
    for number in range(_DAYS * 3):
        yield start + number * _SHIFT, start + (number + 1) * _SHIFT
