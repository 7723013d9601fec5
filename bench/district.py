"""Districts to put load on: made through the API, with tasks of the field's mix and no shared doors to speak of."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import aiohttp

from services.demo.city import made_up_city
from services.demo.client import Api
from services.demo.setup import Plan, planned_teams, set_up
from services.demo.workload import MIX, arrivals
from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.operations.accounts import create_account, make_program_token
from shared.operations.sessions import hash_secret
from shared.store.connection import connect

_SEED = 7


async def make_admin(postgres_url: str) -> str:
    """The token of an admin."""
    now = utc_now()
    async with connect(postgres_url, application_name="bench") as conn:
        account = await create_account(
            conn,
            name="bench",
            secret_hash=await hash_secret("no one logs in by it"),
            permission=Permission.ADMIN,
            districts=(),
            now=now,
        )
        _, token = await make_program_token(
            conn, account["id"], label="bench", now=now, expires_at=now + timedelta(hours=3)
        )
    return token


async def make_district(url: str, token: str, code: str, *, teams: int) -> None:
    """A district of 36 grids. Its teams are on shift for eight hours; a visit takes ten seconds, so that a shift never fills up."""
    now = utc_now()
    city = made_up_city(_SEED, columns=6, rows=6)
    plan = Plan(
        code=code,
        name=code,
        city=city,
        teams=planned_teams(code, city, teams, random.Random(code)),
        shifts=[(now - timedelta(minutes=1), now + timedelta(hours=8))],
        settings={"max_visits_per_shift": None},
    )
    async with aiohttp.ClientSession() as session:
        api = Api(session, url, token)
        await set_up(api, plan)
        async for kind in api.pages("/v1/kinds", district=code):
            if kind["code"] in MIX:
                await api.patch(f"/v1/kinds/{kind['id']}", {"service_s": 10})


async def forget_tasks(postgres_url: str) -> None:
    """Remove every task, so that nobody plans those of an earlier measurement."""
    async with connect(postgres_url, application_name="bench") as conn:
        await conn.execute("TRUNCATE tasks, assignments, visits, events CASCADE")


def task_bodies(code: str, count: int, seed: int) -> Sequence[dict[str, Any]]:
    """`count` different tasks of the mix for that district."""
    city = made_up_city(_SEED, columns=6, rows=6)
    made = arrivals(city, count, seed)
    return [{**task.body, "ref": f"{seed}-{task.body['ref']}", "district": code} for task in made]
