"""Nothing personal leaves the tables made for it: not into a log, an event, the audit, a job or a metric, whatever goes wrong."""

import asyncio
import http.client
import os
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import orjson
import pytest
from redis import Redis

from services.standalone.ports import free_port
from services.standalone.service import Service
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.words import Permission
from shared.store.connection import Connection
from tests.calls import make_actor, make_token
from tests.city import LAT, LON, City, make_city

WITHIN_S = 60
LATITUDE = LAT + 0.0012345  # a door's place is as good as its address


def marked(field: str) -> str:
    """What stands in a field; no other word here begins like it."""
    return f"Quokka {field}"


PHONE = "+8613977766655"
MARKS = ("quokka", "13977766655", f"{LATITUDE:.6f}"[:-1])
TASK = {
    "kind": "temperature_check",
    "ref": marked("task ref"),
    "household": {
        "ref": marked("door ref"),
        "address": marked("address"),
        "access_notes": marked("access notes"),
        "lat": LATITUDE,
        "lon": LON,
    },
    "subject": {
        "ref": marked("person ref"),
        "name": marked("name"),
        "phone": PHONE,
        "flags": {"language": marked("language")},
    },
    "instructions": marked("instructions"),
}
TABLE = f"""kind,household_address,subject_name,subject_phone,instructions
temperature_check,{marked("a")},{marked("b")},{PHONE},{marked("c")}
"""

# What Postgres says of a refused row repeats the row; the exception carries it to whoever asked.
# Each statement is a transaction of its own: one that held two tables might meet the worker coming the other way.
BREAK = (
    "ALTER TABLE subjects ADD CONSTRAINT broken CHECK (false) NOT VALID",
    """
    CREATE FUNCTION tell_all() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'refused' USING DETAIL = (SELECT string_agg(h::text, ' ') FROM households h), ERRCODE = 'XX000';
    END $$
    """,
    "CREATE TRIGGER broken BEFORE INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION tell_all()",
)
MEND = ("ALTER TABLE subjects DROP CONSTRAINT broken", "DROP TRIGGER broken ON assignments")


@dataclass(frozen=True, kw_only=True)
class System:
    """A dispatcher and a worker as processes, talkative."""

    folder: Path
    port: int
    metrics_port: int
    dispatcher: Service
    worker: Service

    def log_of(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def metrics(self) -> str:
        told = ""
        for port in (self.port, self.metrics_port):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=WITHIN_S) as answer:
                told += answer.read().decode()
        return told


@pytest.fixture
def system(database: str, redis_url: str, tmp_path: Path) -> Iterator[System]:
    port, metrics_port = free_port(), free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")} | {
        "DOORSTEP_HOME": str(tmp_path),
        "DOORSTEP_PORT": str(port),
        "DOORSTEP_WORKER_METRICS_PORT": str(metrics_port),
        "DOORSTEP_POSTGRES_URL": database,
        "DOORSTEP_REDIS_URL": redis_url,
        "DOORSTEP_LOG_FORMAT": "json",
        "DOORSTEP_LOG_LEVEL": "debug",
    }
    made = System(
        folder=tmp_path,
        port=port,
        metrics_port=metrics_port,
        dispatcher=Service("dispatcher", log=tmp_path / "dispatcher.log", env=env),
        worker=Service("worker", log=tmp_path / "worker.log", env=env),
    )
    with ExitStack() as stack:
        for service in (made.dispatcher, made.worker):
            stack.callback(service.stop)
        made.dispatcher.start()
        yield made


class Desk:
    """Whoever sends, with their token."""

    def __init__(self, session: aiohttp.ClientSession, token: str) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"}

    async def send(self, method: str, path: str, body: Any = None, expect: int = 200, **more: Any) -> Any:
        headers = {**self._headers, "Content-Type": "application/json", **more.pop("headers", {})}
        data = body if isinstance(body, bytes | None) else orjson.dumps(body)
        async with self._session.request(method, path, data=data, headers=headers, **more) as response:
            content = await response.read()
            assert response.status == expect, f"{method} {path} → {response.status}: {content.decode()[:500]}"
            return orjson.loads(content) if content else None


async def eventually(is_so: Callable[[], Awaitable[Any]], what: str) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while not (found := await is_so()):
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)
    return found


async def send_well(desk: Desk) -> str:
    """Everything personal, as it should be sent; the id of the task."""
    made = await desk.send("POST", "/v1/tasks", TASK, 201)
    await desk.send("POST", "/v1/tasks", TASK, 200)
    again = {"headers": {"Idempotency-Key": "k1"}}
    for _ in range(2):
        await desk.send(
            "POST", "/v1/households", {"address": marked("another"), "access_notes": marked("dog")}, 201, **again
        )
    member = {"name": marked("member"), "phone": "+8613977766655", "role": "doctor", "pin": "4711"}
    await desk.send(
        "PATCH", f"/v1/members/{(await desk.send('POST', '/v1/members', member, 201))['id']}", {"name": marked("m")}
    )
    await desk.send("POST", "/v1/tasks/batch", {"tasks": [{**TASK, "ref": marked("second")}]})
    await desk.send("POST", "/v1/tasks/batch", TABLE.encode(), headers={"Content-Type": "text/csv"})
    await desk.send(
        "PATCH", f"/v1/subjects/{made['subject_id']}", {"name": marked("name"), "flags": {"note": marked("flag")}}
    )
    for query in (marked("name"), PHONE):
        await desk.send("GET", "/v1/subjects", params={"q": query})
        await desk.send("GET", "/v1/tasks", params={"q": query})
    return str(made["id"])


async def send_badly(desk: Desk) -> None:
    """Everything personal where it does not belong."""
    await desk.send(
        "POST", "/v1/tasks", {**TASK, "priority": marked("priority"), marked("field"): marked("value")}, 422
    )
    await desk.send("POST", "/v1/tasks", {**TASK, "instructions": marked("other")}, 409)
    await desk.send("POST", "/v1/tasks", b'{"name": "' + marked("cut").encode(), 400)
    await desk.send("POST", "/v1/tasks", {**TASK, "instructions": marked("long") * 40_000}, 413)
    await desk.send("POST", "/v1/tasks", TASK, 415, headers={"Content-Type": f"text/{marked('type').replace(' ', '')}"})
    await desk.send("POST", "/v1/tasks", {**TASK, "subject": {"name": f"{marked('nul')}\x00"}}, 422)
    await desk.send(
        "POST", "/v1/tasks/batch", {"tasks": [{**TASK, "kind": marked("kind"), "household": marked("house")}]}
    )
    await desk.send(
        "POST",
        "/v1/tasks/batch",
        TABLE.replace("kind,", f"{marked('column')},").encode(),
        422,
        headers={"Content-Type": "text/csv"},
    )
    await desk.send("POST", "/v1/members", {"name": marked("twin"), "phone": PHONE, "role": "doctor"}, 409)
    await desk.send("POST", "/v1/members", {"name": marked("m"), "phone": marked("phone"), "role": marked("role")}, 422)
    await desk.send("POST", "/v1/sessions", {"name": marked("login"), "secret": marked("secret")}, 401)
    await desk.send("POST", "/v1/sessions", {"phone": PHONE, "pin": "0000"}, 401)
    await desk.send("POST", "/v1/sessions", {"link_token": marked("link token that is none")}, 401)
    await desk.send("GET", f"/v1/tasks/{marked('id')}", None, 422)
    await desk.send("GET", f"/v1/{marked('path')}", None, 404)
    await desk.send("GET", "/v1/tasks", None, 422, params={marked("parameter"): marked("value")})
    await desk.send("GET", "/v1/tasks", None, 401, headers={"Authorization": f"Bearer {marked('token')}"})
    await desk.send(
        "GET", "/v1/me", None, headers={"X-Request-ID": marked("request id"), "User-Agent": marked("agent")}
    )


async def send_no_http(port: int) -> None:
    """Lines that are no HTTP."""
    for line in (
        f"{marked('method')}\r\n\r\n",
        f"GET /{marked('path')} HTTP/9.9\r\n\r\n",
        f"GET / HTTP/1.1\r\n{marked('header')}\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(line.encode())
        await writer.drain()
        writer.write_eof()
        await reader.read()
        writer.close()


async def report_all(phone: Desk, conn: Connection, district_id: UUID) -> None:
    """The team's phone says everything that it can say in words."""
    held = [str(row["id"]) for row in await conn.fetch("SELECT id FROM tasks WHERE team_id IS NOT NULL ORDER BY id")]
    assert len(held) >= 2

    def said(report: str, **more: Any) -> dict[str, Any]:
        return {"id": str(new_id()), "at": utc_now(), "report": report, **more}

    result = {"temperature_c": 39.1, "method": "forehead", marked("key"): marked("value")}
    visit = said("visit", task_id=held[0], outcome="seen_not_ok", form_version=1, note=marked("note"), result=result)
    found = {"outcome": "seen_ok", "form_version": 1, "note": marked("n"), "result": {"temperature_c": marked("t")}}
    reports = [
        said("position", lat=LATITUDE, lon=LON),
        visit,
        visit | {"note": marked("other")},
        said("correct", visit_id=visit["id"], visit=found),
        said("decline", task_id=held[1], reason=marked("reason")),
        said(marked("report"), task_id=marked("id")),
        marked("no report"),
    ]
    await phone.send("POST", "/v1/me/reports", {"sent_at": utc_now(), "reports": reports})
    assert await conn.fetchval("SELECT count(*) FROM visits WHERE district_id = $1", district_id) == 2


async def break_things(desk: Desk, system: System, conn: Connection) -> None:
    for statement in BREAK:
        await conn.execute(statement)
    try:
        broken = {**TASK, "ref": marked("broken"), "subject": {"name": marked("nobody"), "phone": "+8613977766655"}}
        answer = await desk.send("POST", "/v1/tasks", broken, 500)
        assert (answer["code"], answer["detail"], answer["errors"]) == ("broken", "", [])
        await desk.send("POST", "/v1/subjects", {"name": marked("nobody"), "phone": "+8613977766655"}, 500)
        await desk.send(
            "POST", "/v1/tasks", {"kind": "temperature_check", "household": {"ref": marked("door ref")}}, 201
        )

        async def has_failed() -> bool:
            return "RaiseError" in system.log_of("worker") or "InternalServerError" in system.log_of("worker")

        await eventually(has_failed, system.log_of("worker")[-2000:])
    finally:
        for statement in MEND:
            await conn.execute(statement)


async def rows_as_text(conn: Connection, table: str) -> str:
    return "\n".join(row["row"] for row in await conn.fetch(f"SELECT t::text AS row FROM {table} t"))


def whats_in(redis: Redis) -> str:
    """Every key and value, as bytes that a person could read."""
    told = []
    for key in redis.scan_iter():
        kind = redis.type(key)
        value = (
            redis.zrange(key, 0, -1) if kind == b"zset" else redis.get(key) if kind == b"string" else redis.dump(key)
        )
        told.append(f"{key!r} {value!r}")
    return "\n".join(told)


async def test_nothing_personal_is_told_to_those_who_need_it_not(
    system: System, conn: Connection, redis_url: str, server_folder: Path
) -> None:
    city: City = await make_city(conn, teams=1)
    desk_token = await make_actor(conn, Permission.COORDINATOR, (city.district_id,))
    phone_token = await make_token(conn, member_id=city.member_ids[1])
    redis = Redis.from_url(redis_url)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{system.port}") as session:
        desk, phone = Desk(session, desk_token), Desk(session, phone_token)

        async def is_ready() -> bool:
            try:
                async with session.get("/readyz") as answer:
                    return answer.status == http.client.OK
            except aiohttp.ClientError:
                return False

        await eventually(is_ready, system.log_of("dispatcher"))
        task_id = await send_well(desk)
        await send_badly(desk)
        await send_no_http(system.port)
        jobs = whats_in(redis)
        assert "place_district" in jobs

        system.worker.start()

        async def is_assigned() -> bool:
            held = "SELECT count(*) FROM tasks WHERE status = 'assigned'"
            return bool(await conn.fetchval(held) >= 2)

        await eventually(is_assigned, system.log_of("worker"))
        await report_all(phone, conn, city.district_id)
        await desk.send("POST", f"/v1/tasks/{task_id}/cancel", {"reason": marked("cancelled")}, 409)
        await break_things(desk, system, conn)
        waiting = await conn.fetchval("SELECT id FROM tasks WHERE closed_at IS NULL LIMIT 1")
        await desk.send("POST", f"/v1/tasks/{waiting}/cancel", {"reason": marked("cancelled")})
        metrics = system.metrics()
        system.worker.stop()
        system.dispatcher.stop()

    told = {
        "dispatcher's log": system.log_of("dispatcher"),
        "worker's log": system.log_of("worker"),
        "Postgres' log": (server_folder / "postgres.log").read_text(errors="replace"),
        "jobs": jobs + whats_in(redis),
        "metrics": metrics,
        **{
            table: await rows_as_text(conn, table)
            for table in ("events", "audit", "routes", "login_failures", "tokens")
        },
    }
    assert "request_broke" in told["dispatcher's log"]
    assert "placing_failed" in told["worker's log"] or "task_set_aside" in told["worker's log"]
    assert "task.assigned" in told["events"]
    for table in ("households", "subjects", "visits", "members", "reports"):
        assert "Quokka" in await rows_as_text(conn, table), "the marks were sent, and kept where they belong"
    for place, text in told.items():
        lines = [line[:500] for line in text.splitlines() if any(mark in line.lower() for mark in MARKS)]
        assert lines == [], f"{place} tells what it should not"
