"""schemathesis over the whole OpenAPI document, with all its checks, against a dispatcher that really runs."""

import asyncio
import http.client
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import aiohttp
import orjson
import pytest

from services.dispatcher.contract import EVENT_STREAM, Route
from services.dispatcher.routes import ROUTES
from services.standalone.ports import free_port
from services.standalone.service import Service
from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.operations.sessions import hash_secret
from shared.store.connection import Connection
from tests.calls import make_actor, make_token
from tests.push_service import Browser
from tests.tenant import Tenant, make_tenant, same_tenant_each_time

ROOT = Path(__file__).parents[2]
SECRET = "correct horse"
READY_WITHIN_S = 60
MORE_TASKS = 400
MORE_DOCTORS = 30
MORE_FOLLOWED = 100
# The least that may ask, but for what only others may.
ASKERS = (Permission.COORDINATOR, Permission.MEMBER, Permission.AUDITOR, Permission.INTEGRATION, Permission.ADMIN)

# Whatever the calls do to accounts, members, sessions and grids, those who make them can go on, and find a grid.
KEEP_CALLERS = """
    CREATE TABLE callers AS SELECT coalesce(account_id, member_id) AS id FROM tokens WHERE label = 'caller';
    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_TABLE_NAME = 'tokens' THEN
            IF OLD.label = 'caller' THEN NEW.revoked_at := NULL; NEW.expires_at := OLD.expires_at; END IF;
        ELSIF TG_TABLE_NAME = 'account_districts' THEN
            IF OLD.account_id IN (SELECT id FROM callers) THEN RETURN NULL; END IF;
            RETURN OLD;
        ELSIF OLD.id IN (SELECT id FROM callers) THEN
            NEW.active := true;
            IF TG_TABLE_NAME = 'accounts' THEN NEW.permission := OLD.permission; END IF;
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER keep BEFORE UPDATE ON tokens FOR EACH ROW EXECUTE FUNCTION keep();
    CREATE TRIGGER keep BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION keep();
    CREATE TRIGGER keep BEFORE UPDATE ON members FOR EACH ROW EXECUTE FUNCTION keep();
    CREATE TRIGGER keep BEFORE DELETE ON account_districts FOR EACH ROW EXECUTE FUNCTION keep();
    CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER keep BEFORE DELETE ON grids FOR EACH ROW EXECUTE FUNCTION never();
"""


async def seed(conn: Connection) -> tuple[Tenant, dict[Permission, str]]:
    """A district with one of everything, and a token of everybody in it."""
    tenant = await make_tenant(conn, same_tenant_each_time())
    callers: dict[Permission, str] = {
        permission: await make_actor(conn, permission, (tenant.district_id,))
        for permission in Permission
        if permission is not Permission.MEMBER
    }
    callers[Permission.MEMBER] = await make_token(conn, member_id=tenant.member_id)
    await conn.execute(
        "UPDATE tokens SET label = 'caller', expires_at = now() + interval '1 day' WHERE purpose = 'session'"
    )
    await conn.execute(
        "UPDATE accounts SET secret_hash = $1 WHERE id = $2", await hash_secret(SECRET), tenant.account_id
    )
    await conn.executemany(
        "INSERT INTO members (id, district_id, name, phone, role) VALUES ($1, $2, $3, $3, 'doctor')",
        [(member_id, tenant.district_id, f"+86555{number:04d}") for number, member_id in enumerate(spare(tenant))],
    )
    await follow_more_up(conn, tenant)
    await conn.execute(KEEP_CALLERS)
    return tenant, callers


def spare(tenant: Tenant) -> list[UUID]:
    """More doctors on no team, so that some stay free whoever is put on a team."""
    return [uuid5(tenant.free_member_id, str(number)) for number in range(MORE_DOCTORS)]


def followed(tenant: Tenant) -> list[UUID]:
    """More follow-ups, so that some are live whatever is ended and converted."""
    return [uuid5(tenant.follow_up_id, str(number)) for number in range(MORE_FOLLOWED)]


async def follow_more_up(conn: Connection, tenant: Tenant) -> None:
    """Each of somebody else in the tenant's household; and people there whom nobody follows up yet."""
    await conn.executemany(
        "INSERT INTO subjects (id, district_id, person, ref, household_id) VALUES ($1, $2, 'ref:' || $3, $3, $4)",
        [
            (uuid5(one, "somebody"), tenant.district_id, f"somebody-{number}", tenant.household_id)
            for number, one in enumerate(followed(tenant))
        ],
    )
    people = [(uuid5(one, "subject"), one, f"person-{number}") for number, one in enumerate(followed(tenant))]
    await conn.executemany(
        """
        WITH somebody AS (INSERT INTO subjects (id, district_id, person, ref, household_id) SELECT $1, $4, $3, $3, $5)
        INSERT INTO follow_ups (id, district_id, subject_id, protocol_id, first_day, last_day, lines, since, over_at, started_at)
        SELECT $2, district_id, $1, protocol_id, first_day, last_day, lines, since, over_at, started_at FROM follow_ups WHERE id = $6
        """,
        [(*person, tenant.district_id, tenant.household_id, tenant.follow_up_id) for person in people],
    )


@pytest.fixture
def dispatcher(database: str, redis_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a dispatcher of its own process, its log kept for the report of a failure."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")} | {
        "DOORSTEP_HOME": str(tmp_path),
        "DOORSTEP_PORT": str(port),
        "DOORSTEP_POSTGRES_URL": database,
        "DOORSTEP_REDIS_URL": redis_url,
        "DOORSTEP_LOG_FORMAT": "json",
        "DOORSTEP_LOG_LEVEL": "warning",
        "DOORSTEP_REQUESTS_PER_MINUTE": "10000000",
        "DOORSTEP_LOGIN_ATTEMPTS_PER_ACCOUNT": "10000000",
        "DOORSTEP_LOGIN_ATTEMPTS_PER_ADDRESS": "10000000",
    }
    service = Service("dispatcher", log=tmp_path / "dispatcher.log", env=env)
    service.start()
    deadline = time.monotonic() + READY_WITHIN_S
    while not is_ready(port):
        assert service.is_running(), (tmp_path / "dispatcher.log").read_text()
        assert time.monotonic() < deadline, (tmp_path / "dispatcher.log").read_text()
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    service.stop()


def is_ready(port: int) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asking.request("GET", "/readyz")
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


async def post_tasks(url: str, token: str, tenant: Tenant) -> list[str]:
    """More tasks of the tenant, so that some stay open whatever is cancelled; their ids."""
    one = {"kind": f"kind_{tenant.mark}", "household": {"ref": f"door-{tenant.mark}"}}
    listed = [{**one, "id": str(uuid5(tenant.task_id, str(number)))} for number in range(MORE_TASKS)]
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(url) as http,
        http.post("/v1/tasks/batch", json={"tasks": listed}, headers=headers) as made,
    ):
        return [item["id"] for item in (await made.json())["items"]]


async def ask_first(url: str, token: str, tenant: Tenant) -> None:
    """What chance hardly finds, because all of it belongs together, or takes away before it is asked for."""
    door = {"kind": f"kind_{tenant.mark}", "household": {"ref": f"door-{tenant.mark}"}}
    lines = [{"kind": f"kind_{tenant.mark}", "times": ["08:00"]}]
    asked: list[tuple[str, str, Any, int]] = [
        ("POST", "/v1/protocols", {"code": "posted", "names": {"en": "Posted"}, "days": 3, "lines": lines}, 201),
        ("POST", "/v1/follow-ups", {"subject": {"ref": "somebody-0"}, "protocol": "posted"}, 201),
        ("POST", "/v1/tasks/preview", door, 200),
        ("POST", "/v1/alarms/acknowledge", {"ids": [str(tenant.alarm_id)]}, 200),
        ("GET", f"/v1/teams/{tenant.team_id}/handover", None, 200),
    ]
    async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {token}"}) as http:
        for method, path, body, expected in asked:
            async with http.request(method, path, json=body) as answer:
                assert answer.status == expected, await answer.text()


def known_values(tenant: Tenant, task_ids: list[str]) -> dict[str, list[Any]]:
    """Values that mean something, which schemathesis mixes with those that it makes up."""
    tomorrow = utc_now() + timedelta(days=1)
    ids = {
        name: [str(getattr(tenant, name))]
        for name in (
            *("district_id", "grid_id", "kind_id", "household_id", "subject_id", "team_id", "shift_id"),
            *("account_id", "token_id", "pick_up_point_id", "visit_id", "alarm_id"),
        )
    }
    return {
        **ids,
        "follow_up_id": [str(tenant.follow_up_id), *map(str, followed(tenant))],
        "protocol_id": [str(tenant.protocol_id)],
        "protocol": [f"protocol_{tenant.mark}"],
        "person": [f"somebody-{number}" for number in range(MORE_FOLLOWED)],
        "today": [str(utc_now().date())],
        "tomorrow": [str(tomorrow.date())],
        "member_id": [str(tenant.free_member_id), str(tenant.member_id), *map(str, spare(tenant))],
        "specimen_leg_id": [str(tenant.task_id)],
        "kind": [f"kind_{tenant.mark}"],
        "team": [f"team-{tenant.mark}", str(tenant.team_id)],
        "role": ["doctor", "grid_worker", "police"],
        "time_zone": ["Asia/Shanghai", "Europe/Monaco"],
        "version": [1],
        "task_id": task_ids,
        "begin": [tomorrow.isoformat()],
        "end": [(tomorrow + timedelta(hours=6)).isoformat()],
        "account": [f"account-{tenant.mark}"],
        "secret": [SECRET],
        "link_token": [tenant.link_token],
        **{f"push_{name}": [value] for name, value in Browser(endpoint="https://fcm.googleapis.com/x").body.items()},
    }


# Where known values go, in every operation that has such a parameter or field.
PLACES = {
    "path.version": "version",
    "query.district": "district_id",
    "query.grid_id": "grid_id",
    "query.household_id": "household_id",
    "query.team_id": "team_id",
    "query.kind": "kind",
    "body.district": "district_id",
    "body.kind": "kind",
    "body.kinds[*]": "kind",
    "body.lines[*].kind": "kind",
    "body.ledger[*].kinds[*]": "kind",
    "body.protocol": "protocol",
    "body.subject.ref": "person",
    "body.first_day": "today",
    "body.last_day": "tomorrow",
    "query.protocol": "protocol",
    "body.role": "role",
    "body.required_roles[*]": "role",
    "body.time_zone": "time_zone",
    "body.member_id": "member_id",
    "body.members[*].member_id": "member_id",
    "body.members[*].role": "role",
    "body.team_id": "team_id",
    "body.team": "team",
    "body.task_ids[*]": "task_id",
    "body.starts_at": "begin",
    "body.ends_at": "end",
    "body.from": "begin",
    "body.until": "end",
    "body.break.earliest": "begin",
    "body.break.latest": "begin",
    "body.earliest": "begin",
    "body.due_at": "end",
    "body.reports[*].task_id": "task_id",
    "body.endpoint": "push_endpoint",
    "body.p256dh": "push_p256dh",
    "body.auth": "push_auth",
}


def configuration(known: dict[str, list[Any]], callers: dict[Permission, str]) -> str:
    """schemathesis.toml: who asks what, and which of the tenant's things a path means."""
    lines = ["continue-on-failure = true", 'hooks = "tests.e2e.schemathesis_hooks"', "", "[parameters]"]
    lines += [mixed_in(place, name) for place, name in PLACES.items()]
    for name, values in known.items():
        lines += [f"[dictionaries.{name}]", f"values = {orjson.dumps(values).decode()}"]
    for route in ROUTES:
        if not route.hidden:
            lines += operation(route, callers)
    return "\n".join(lines)


def mixed_in(place: str, name: str) -> str:
    return f'"{place}" = {{ dictionary = "{name}", probability = 0.8 }}'


def operation(route: Route, callers: dict[Permission, str]) -> list[str]:
    lines = []
    if route.produces == EVENT_STREAM:
        lines += ["max-stream-events = 1"]  # `keep_telling` sees to it that one comes
    if route.allow is not None:
        asker = next(permission for permission in ASKERS if permission in route.allow)
        if route.path.startswith("/v1/districts"):
            asker = Permission.ADMIN  # who made a district must find it
        lines += [f'headers = {{ Authorization = "Bearer {callers[asker]}" }}']
    meant = {}
    if "{id}" in route.path:
        meant["path.id"] = route.path.split("/")[2].removesuffix("s").replace("-", "_") + "_id"
    if route.path == "/v1/sessions":
        meant |= {"body.name": "account", "body.secret": "secret", "body.link_token": "link_token"}
    if meant:
        lines += [f"parameters = {{ {', '.join(mixed_in(place, name) for place, name in meant.items())} }}"]
    return ["[[operations]]", f'include-operation-id = "{route.handler.__name__}"', *lines] if lines else []


def command(url: str, config: Path, *, examples: int) -> list[str]:
    program = str(Path(sys.executable).with_name("st"))
    chosen = [
        "--checks",
        "all",
        "--mode",
        "all",
        "--generation-with-security-parameters",
        "false",
        "--phases",
        "examples,coverage,fuzzing,stateful",
    ]
    same_each_time = ["--generation-deterministic", "--seed", "1"]
    bounded = ["--max-examples", str(examples), "--suppress-health-check", "all"]
    quiet = ["--no-color", "--warnings", "off"]
    return [
        *(program, "--config-file", str(config), "run", f"{url}/openapi.json"),
        *(*chosen, *same_each_time, *bounded, *quiet),
    ]


async def keep_telling(conn: Connection, tenant: Tenant) -> None:
    """Until cancelled, have something happen that all streams of the tenant's people tell: whoever listens hears of it, and is done."""
    while True:
        await conn.execute(
            "INSERT INTO events (district_id, at, name, team_id, member_id) VALUES ($1, now(), 'route.changed', $2, $3)",
            tenant.district_id,
            tenant.team_id,
            tenant.member_id,
        )
        await asyncio.sleep(0.1)


async def successes(url: str) -> set[str]:
    """The routes that answered with success at least once."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/metrics") as response:
        counted = re.findall(r'requests_total{method="(\w+)",route="([^"]+)",status="2\d\d"}', await response.text())
    return {f"{method} {route}" for method, route in counted}


@pytest.mark.timeout(1800)
async def test_no_request_breaks_the_dispatcher_or_its_document(
    dispatcher: str, conn: Connection, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    config, told = tmp_path / "schemathesis.toml", tmp_path / "schemathesis.log"
    tenant, callers = await seed(conn)
    task_ids = await post_tasks(dispatcher, callers[Permission.COORDINATOR], tenant)
    await ask_first(dispatcher, callers[Permission.COORDINATOR], tenant)
    config.write_text(configuration(known_values(tenant, task_ids), callers))
    telling = asyncio.create_task(keep_telling(conn, tenant))
    with told.open("wb") as log:
        ended = await asyncio.create_subprocess_exec(
            *command(dispatcher, config, examples=100 if request.config.getoption("--long") else 10),
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=log,
        )
        status = await ended.wait()
        succeeded = await successes(dispatcher)
    telling.cancel()
    with suppress(asyncio.CancelledError):
        await telling
    broke = (tmp_path / "dispatcher.log").read_text()
    assert status == 0, told.read_text()[-20_000:] + broke[-4_000:]
    assert "request_broke" not in broke
    never = {f"{route.method} {route.path}" for route in ROUTES if not route.hidden} - succeeded
    assert never == set(), "nothing that schemathesis sent got as far as a success here"
