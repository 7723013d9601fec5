"""What is sent several times at the same moment under one id is made once, and every sender is told of the one."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from shared.domain.words import Permission
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_actor
from tests.city import LAT, LON, City, make_city

_AT_ONCE = 6
_ROUNDS = 8

# N in a text is another number in each round.
THINGS: dict[str, dict[str, Any]] = {
    "districts": {"code": "north-N", "name": "North N", "time_zone": "Asia/Shanghai"},
    "households": {"ref": "H-N", "address": "Garden Road N"},
    "subjects": {"ref": "S-N", "name": "Wang Fang", "phone": "1380000N"},
    "members": {"name": "Wu Min", "phone": "1390000N", "role": "doctor"},
    "teams": {"code": "T-N", "name": "Team N"},
    "kinds": {
        "code": "pulse_N",
        "names": {"en": "Pulse"},
        "service_s": 60,
        "required_roles": ["doctor"],
        "due_after_s": 3600,
    },
    "protocols": {
        "code": "watch_N",
        "names": {"en": "Watch"},
        "days": 3,
        "lines": [{"kind": "temperature_check", "times": ["08:00"]}],
    },
    "pick-up-points": {"name": "Gate N", "lat": LAT, "lon": LON, "lab_address": "Lab Road 1", "kinds": ["home_swab"]},
    "shifts": {"starts_at": "N-01-01T08:00:00+08:00", "ends_at": "N-01-01T16:00:00+08:00"},
}


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def admin(http: Http, conn: Connection, city: City) -> Caller:
    return Caller(http, await make_actor(conn, Permission.ADMIN, (city.district_id,)))


@pytest.mark.parametrize("name", THINGS)
async def test_a_thing_is_made_once_for_all_who_send_it(admin: Caller, conn: Connection, city: City, name: str) -> None:
    """A lock of its table lets them all come as far as they can, and go on in the same moment."""
    for number in range(2100, 2100 + _ROUNDS):
        texts = {key: value.replace("N", str(number)) for key, value in THINGS[name].items() if isinstance(value, str)}
        body = THINGS[name] | texts | {"id": str(uuid4())}
        if name == "shifts":
            body["team_id"] = str(city.team_ids[0])
        async with conn.transaction():
            await conn.execute(f"LOCK TABLE {name.replace('-', '_')} IN SHARE MODE")
            sending = [asyncio.create_task(admin.send("POST", f"/v1/{name}", body)) for _ in range(_AT_ONCE)]
            while await conn.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted") < _AT_ONCE:
                assert not any(one.done() for one in sending)
        sent = await asyncio.gather(*sending)
        assert [answer.content for answer in sent if answer.status not in (200, 201)] == []
        assert {answer.json["id"] for answer in sent} == {body["id"]}
