"""Live events: to whom they are addressed, none skipped, none twice, resumable, ended when the session ends."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientError
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from services.dispatcher import stream as stream_module
from services.dispatcher.app import create_app
from services.dispatcher.stream import STREAM, EventStream
from services.standalone.ports import free_port
from services.standalone.postgres import EmbeddedPostgres
from shared.domain.clock import utc_now
from shared.domain.hearing import Audience
from shared.domain.ids import new_id
from shared.domain.words import Permission
from shared.settings import Settings
from shared.store.connection import Connection, Pool, connect
from shared.store.events import NewEvent, insert_events, select_events, select_horizon
from shared.store.migrate import migrate
from tests.calls import Caller, Http, make_actor, make_district, make_token
from tests.city import City, make_city, post
from tests.phones import FEVER, give, phone_of
from tests.streams import Ear, Heard, listening


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Quicker than in the field, so that a test need not wait."""
    return settings.model_copy(
        update={"stream_poll_s": 0.02, "stream_check_s": 0.1, "stream_heartbeat_s": 0.2, "pool_max_size": 12}
    )


def happening(district_id: UUID, name: str = "test.happened", **fields: Any) -> NewEvent:
    return NewEvent(district_id=district_id, at=utc_now(), name=name, **fields)


async def tell(conn: Connection, district_id: UUID, *numbers: int, **fields: Any) -> None:
    async with conn.transaction():
        await insert_events(conn, [happening(district_id, data={"n": n}, **fields) for n in numbers])


async def hear(ear: Ear, count: int) -> list[Heard]:
    heard = []
    async with asyncio.timeout(30):
        while len(heard) < count:
            message = await ear.hear()
            assert message is not None, f"the stream ended after {heard}"
            heard.append(message)
    return heard


def numbers(heard: list[Heard]) -> list[int]:
    return [message.data["data"]["n"] for message in heard]


async def test_a_stream_begins_now_and_carries_what_comes(
    conn: Connection, coordinator: Caller, district_id: UUID
) -> None:
    await tell(conn, district_id, 1)
    async with listening(coordinator) as ear:
        await tell(conn, district_id, 2, 3)
        heard = await hear(ear, 2)
    assert numbers(heard) == [2, 3]
    assert heard[0].name == heard[0].data["name"] == "test.happened"
    assert heard[0].id == heard[0].data["id"]
    assert heard[0].data["district_id"] == str(district_id)


async def test_who_comes_back_hears_what_happened_meanwhile(
    conn: Connection, coordinator: Caller, district_id: UUID
) -> None:
    async with listening(coordinator) as ear:
        started = ear.last_id
        await tell(conn, district_id, 1)
        (first,) = await hear(ear, 1)
    await tell(conn, district_id, *range(2, 9))
    async with listening(coordinator, after=first.id) as ear:
        await tell(conn, district_id, 9)
        assert numbers(await hear(ear, 8)) == list(range(2, 10))
    async with listening(coordinator, f"/v1/events?last_event_id={started}") as ear:
        assert numbers(await hear(ear, 9)) == list(range(1, 10))


async def test_a_break_longer_than_a_page_is_caught_up_in_order(
    conn: Connection, coordinator: Caller, district_id: UUID
) -> None:
    async with listening(coordinator) as ear:
        started = ear.last_id
    await tell(conn, district_id, *range(1200))
    async with listening(coordinator, after=started) as ear:
        assert numbers(await hear(ear, 1200)) == list(range(1200))


@pytest.mark.parametrize("bad", ["7", "x-1", "1-", "1-2-3", "-1-2", "9" * 30 + "-1"])
async def test_an_id_that_is_none_is_refused(coordinator: Caller, bad: str) -> None:
    for path, headers in (("/v1/events", {"Last-Event-ID": bad}), (f"/v1/events?last_event_id={bad}", {})):
        answer = await coordinator.send("GET", path, headers=headers, expect=422)
        assert [error["loc"] for error in answer.json["errors"]] == ["last_event_id"]


async def test_an_id_of_the_future_begins_now(conn: Connection, coordinator: Caller, district_id: UUID) -> None:
    """It comes from another database, or from before a restore."""
    async with listening(coordinator, after="999999999999999999-1") as ear:
        await tell(conn, district_id, 1)
        assert numbers(await hear(ear, 1)) == [1]


async def test_desks_hear_their_districts_only(
    conn: Connection,
    caller: Callable[..., Awaitable[Caller]],
    admin: Caller,
    district_id: UUID,
    foreign_district_id: UUID,
) -> None:
    third = await make_district(conn, "third")
    both = await caller(Permission.COORDINATOR, district_id, foreign_district_id)
    async with (
        listening(await caller(Permission.INTEGRATION)) as centre,
        listening(both) as two,
        listening(both, "/v1/events?district=elsewhere") as elsewhere,
        listening(admin) as everywhere,
    ):
        for number, where in enumerate((third, foreign_district_id, district_id, foreign_district_id, district_id)):
            await tell(conn, where, number)
        assert numbers(await hear(centre, 2)) == [2, 4]
        assert numbers(await hear(two, 4)) == [1, 2, 3, 4]
        assert numbers(await hear(elsewhere, 2)) == [1, 3]
        assert numbers(await hear(everywhere, 5)) == [0, 1, 2, 3, 4]


async def test_a_foreign_district_is_as_good_as_absent(coordinator: Caller, foreign_district_id: UUID) -> None:
    for district in ("elsewhere", str(foreign_district_id), "nowhere"):
        await coordinator.get(f"/v1/events?district={district}", expect=404)


async def test_desks_and_phones_have_streams_of_their_own(coordinator: Caller, member: Caller, anyone: Caller) -> None:
    await coordinator.get("/v1/me/events", expect=403)
    await member.get("/v1/events", expect=403)
    await anyone.get("/v1/events", expect=401)


async def test_phones_hear_their_own_team_and_the_police_nothing_medical(
    http: Http, conn: Connection, pool: Pool
) -> None:
    city = await make_city(conn, teams=2)
    doctor, police, other = [Caller(http, await make_token(conn, member_id=city.member_ids[n])) for n in (1, 2, 4)]
    async with (
        listening(doctor, "/v1/me/events") as at_doctor,
        listening(police, "/v1/me/events") as at_police,
        listening(other, "/v1/me/events") as at_other,
    ):
        await _a_fever(conn, city, pool)
        await give(conn, city, city.team_ids[1], await post(conn, city))
        heard = await hear(at_doctor, 6)
        names = [message.name for message in heard]
        assert names == [
            "task.assigned",
            "route.changed",
            "visit.recorded",
            "task.completed",
            "route.changed",
            "alert.fever",
        ]
        told = await hear(at_police, 4)
        assert [message.name for message in told] == [
            "task.assigned",
            "route.changed",
            "task.completed",
            "route.changed",
        ]
        assert not any(word in str(message.data) for message in told for word in ("fever", "seen_", "kind"))
        assert [message.name for message in await hear(at_other, 2)] == ["task.assigned", "route.changed"]
        assert {message.data["team_id"] for message in heard + told} == {str(city.team_ids[0])}


async def _a_fever(conn: Connection, city: City, pool: Pool) -> None:
    (task_id,) = await post(conn, city, kind="temperature_check")
    await give(conn, city, city.team_ids[0], [task_id])
    await (await phone_of(pool, city.member_ids[1])).visits(task_id, result=FEVER)


async def test_a_member_who_joins_another_team_is_sent_back_to_hear_that_one(http: Http, conn: Connection) -> None:
    city = await make_city(conn, teams=2)
    member = city.member_ids[1]
    doctor = Caller(http, await make_token(conn, member_id=member))
    async with listening(doctor, "/v1/me/events") as ear:
        await conn.execute("DELETE FROM memberships WHERE member_id = ANY($1)", [member, city.member_ids[4]])
        await conn.execute(
            "INSERT INTO memberships (id, district_id, team_id, member_id, role, during) "
            "VALUES ($1, $2, $3, $4, 'doctor', tstzrange(now(), NULL))",
            new_id(),
            city.district_id,
            city.team_ids[1],
            member,
        )
        await _until_ended(ear)
    async with listening(doctor, "/v1/me/events", after=ear.last_id) as ear:
        await give(conn, city, city.team_ids[1], await post(conn, city))
        assert (await hear(ear, 1))[0].data["team_id"] == str(city.team_ids[1])


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE tokens SET revoked_at = now()",
        "UPDATE tokens SET expires_at = now()",
        "UPDATE accounts SET active = false",
        "DELETE FROM account_districts",
    ],
)
async def test_a_stream_ends_when_the_session_does_or_reaches_less(
    conn: Connection, coordinator: Caller, district_id: UUID, ending: str
) -> None:
    async with listening(coordinator) as ear:
        await tell(conn, district_id, 1)
        await hear(ear, 1)
        await conn.execute(ending)
        await _until_ended(ear)


async def test_a_silent_stream_says_that_it_lives(coordinator: Caller, district_id: UUID) -> None:
    async with listening(coordinator) as ear:
        hearing = asyncio.create_task(ear.hear())
        await _until(lambda: ear.comments >= 2)
        assert not hearing.done(), "nothing happened, and it goes on"
        hearing.cancel()


async def test_streams_end_when_the_server_stops(settings: Settings, conn: Connection, district_id: UUID) -> None:
    patient = settings.model_copy(update={"drain_s": 60})
    client = TestClient(TestServer(create_app(patient)))
    await client.start_server()
    caller = Caller(client, await make_actor(conn, Permission.COORDINATOR, (district_id,)))
    async with listening(caller) as ear:
        async with asyncio.timeout(30):
            await client.server.close()
        await _until_ended(ear)
    await client.close()


async def test_who_left_is_no_listener_any_more(http: Http, coordinator: Caller, district_id: UUID) -> None:
    async with listening(coordinator):
        await _until(lambda: len(http.app[STREAM]._listeners) == 1)
    await _until(lambda: not http.app[STREAM]._listeners)


async def test_events_that_commit_in_the_other_order_are_both_heard(
    conn: Connection, pool: Pool, coordinator: Caller, district_id: UUID
) -> None:
    """The one that wrote first commits last: whoever read by number alone would skip it."""
    async with listening(coordinator) as ear, pool.acquire() as early, pool.acquire() as late:
        first, second = early.transaction(), late.transaction()
        await first.start()
        await insert_events(early, [happening(district_id, data={"n": 1})])
        await second.start()
        await insert_events(late, [happening(district_id, data={"n": 2})])
        await second.commit()
        after = await select_horizon(conn)
        assert await select_events(conn, after=(0, 0), districts=[district_id]) == [], "not below the oldest writer"
        await first.commit()
        assert numbers(await hear(ear, 2)) == [1, 2]
        assert after < await select_horizon(conn)


async def test_a_listener_who_keeps_coming_back_hears_everything_once_and_in_order(
    http: Http, conn: Connection, pool: Pool, coordinator: Caller, district_id: UUID
) -> None:
    """Writers commit in any order, some roll back; three listeners leave and come back at random."""
    chance = random.Random(20)
    written: list[int] = []
    done = asyncio.Event()

    async def write(writer: int) -> None:
        for turn in range(25):
            mine = [writer * 1000 + turn * 10 + k for k in range(chance.randint(1, 3))]
            async with pool.acquire() as own:
                transaction = own.transaction()
                await transaction.start()
                await insert_events(own, [happening(district_id, data={"n": n}) for n in mine])
                await asyncio.sleep(chance.uniform(0, 0.04))
                if chance.random() < 0.15:
                    await transaction.rollback()
                else:
                    await transaction.commit()
                    written.extend(mine)

    async def listen(after: str) -> list[Heard]:
        heard: list[Heard] = []
        while not (done.is_set() and len(heard) >= len(written)):
            async with listening(coordinator, after=heard[-1].id if heard else after) as ear:
                try:
                    async with asyncio.timeout(chance.uniform(0.02, 0.3)):
                        while message := await ear.hear():
                            heard.append(message)
                except TimeoutError:
                    pass
        return heard

    async with listening(coordinator) as ear:
        start = ear.last_id
    listeners = [asyncio.create_task(listen(start)) for _ in range(3)]
    await asyncio.gather(*(write(writer) for writer in range(6)))
    done.set()
    async with asyncio.timeout(60):
        for heard in await asyncio.gather(*listeners):
            assert sorted(numbers(heard)) == sorted(written)
            places = [tuple(map(int, message.id.split("-"))) for message in heard]
            assert places == sorted(set(places))


async def test_a_reader_too_slow_for_its_queue_misses_nothing(
    pool: Pool, conn: Connection, district_id: UUID, coordinator: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "_MOST_WAITING", 10)
    stream = EventStream(pool, poll_s=0.01, check_s=60)
    token_id = await conn.fetchval("SELECT id FROM tokens")
    listener = await stream.admit(token_id, None)
    assert listener is not None
    running = asyncio.create_task(stream.run())
    heard: list[int] = []
    try:
        followed = stream.follow(listener, await stream.start_of(None), idle_s=0.05)
        await anext(followed)
        for batch in range(20):
            await tell(conn, district_id, *range(batch * 7, batch * 7 + 7))
        await _until(lambda: listener.behind)
        async with asyncio.timeout(30):
            while len(heard) < 140:
                heard += [event["data"]["n"] for event in await anext(followed)]
        assert heard == list(range(140))
        await followed.aclose()
    finally:
        running.cancel()


async def test_streams_outlive_a_restart_of_postgres(server_folder: Any) -> None:
    server = EmbeddedPostgres(
        server_folder / "restarted", port=free_port(), password="x" * 32, log=server_folder / "restarted.log"
    )
    server.start()
    try:
        url = server.url("postgres")
        await migrate(url)
        await _outlive(server, url)
    finally:
        server.stop()


async def _outlive(server: EmbeddedPostgres, url: str) -> None:
    settings = Settings(
        postgres_url=SecretStr(url),
        redis_url=SecretStr("redis://127.0.0.1:1/0"),
        stream_poll_s=0.02,
        stream_check_s=0.05,
        log_level="error",
    )
    async with connect(url, application_name="test") as conn:
        district_id = await make_district(conn, "centre")
        token = await make_actor(conn, Permission.COORDINATOR, (district_id,))
    async with TestClient(TestServer(create_app(settings))) as client, listening(Caller(client, token)) as ear:
        async with connect(url, application_name="test") as conn:
            await tell(conn, district_id, 1)
        assert numbers(await hear(ear, 1)) == [1]
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        async with connect(url, application_name="test") as conn:
            await tell(conn, district_id, 2, 3)
        assert numbers(await hear(ear, 2)) == [2, 3], "on the same connection"


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience(districts=None), True),
        (Audience(districts=frozenset({UUID(int=1)})), True),
        (Audience(districts=frozenset({UUID(int=2)})), False),
        (Audience(districts=frozenset({UUID(int=1)}), member_id=UUID(int=9)), False),
        (Audience(districts=frozenset({UUID(int=1)}), member_id=UUID(int=7)), True),
        (Audience(districts=frozenset({UUID(int=1)}), member_id=UUID(int=9), team_id=UUID(int=5), role="doctor"), True),
        (
            Audience(districts=frozenset({UUID(int=1)}), member_id=UUID(int=9), team_id=UUID(int=6), role="doctor"),
            False,
        ),
        (
            Audience(districts=frozenset({UUID(int=1)}), member_id=UUID(int=9), team_id=UUID(int=5), role="police"),
            False,
        ),
    ],
)
def test_an_alert_is_heard_by_whom_it_is_for(audience: Audience, expected: bool) -> None:
    event = {
        "district_id": UUID(int=1),
        "team_id": UUID(int=5),
        "member_id": UUID(int=7),
        "name": "alert.fever",
        "data": {},
    }
    assert audience.hears(event) is expected


def test_the_police_do_not_read_a_coordinators_own_code() -> None:
    police = Audience(districts=None, member_id=UUID(int=9), team_id=UUID(int=5), role="police")
    assert police.reads({"reason": "released", "why": "fever_found"}) == {"reason": "released"}


def test_a_team_does_not_hear_what_it_is_not_told_of_its_own_visits() -> None:
    said = {"outcome": "seen_ok", "needs_review": ["too_quick", "result_breaks_form", "too_far"]}
    doctor = Audience(districts=None, member_id=UUID(int=9), team_id=UUID(int=5), role="doctor")
    assert doctor.reads(said) == {"outcome": "seen_ok", "needs_review": ("result_breaks_form",)}
    assert Audience(districts=None).reads(said) == said


async def _until_ended(ear: Ear) -> None:
    async with asyncio.timeout(30):
        try:
            while await ear.hear():
                pass
        except ClientError:
            pass


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while True:
            if happened():
                return
            await asyncio.sleep(0.01)
