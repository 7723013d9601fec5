"""Taking tasks in: what lands, what comes back, and what two at once may do."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.district import District
from shared.domain.errors import BodyDiffers, DomainError, Invalid, NotFound, Taken
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.domain.task import Task
from shared.domain.words import DEFAULT_SLOTS, WaitingReason
from shared.operations.districts import create_district
from shared.operations.intake import TakenIn, take_in
from shared.store.connection import Connection, Pool

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in Shanghai
HOME = HouseholdDraft(address="Garden Road 1", lat=31.2, lon=121.4)


@pytest.fixture
async def district(conn: Connection) -> District:
    return await make_district(conn, "centre")


async def make_district(conn: Connection, code: str) -> District:
    district = District(id=new_id(), code=code, name=code, time_zone="Asia/Shanghai", slots=DEFAULT_SLOTS)
    return await create_district(conn, district, {}, now=NOW, account_id=None)


def draft(**said: Any) -> TaskDraft:
    return TaskDraft(**{"kind": "temperature_check", "household": HOME, **said})


async def take_one(conn: Connection, district: District, **said: Any) -> TakenIn:
    (answer,) = await take_in(conn, district.id, [draft(**said)], now=NOW)
    assert isinstance(answer, TakenIn), answer
    return answer


async def refusal(conn: Connection, district: District, **said: Any) -> DomainError:
    (answer,) = await take_in(conn, district.id, [draft(**said)], now=NOW)
    assert isinstance(answer, DomainError), answer
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 0
    assert await conn.fetchval("SELECT count(*) FROM households") == 0
    assert await conn.fetchval("SELECT count(*) FROM subjects") == 0
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name LIKE 'task.%'") == 0
    return answer


def places(error: DomainError) -> list[str]:
    return [wrong.loc for wrong in error.errors]


async def draw_grid(conn: Connection, district: District) -> UUID:
    grid_id = new_id()
    await conn.execute(
        "INSERT INTO grids (id, district_id, code, name, geometry, area_m2) VALUES ($1, $2, 'A', 'A', '{}', 1)",
        grid_id,
        district.id,
    )
    await conn.execute(
        "INSERT INTO grid_shapes (grid_id, outer_ring) VALUES ($1, '((121,31),(122,31),(122,32),(121,32))'::polygon)",
        grid_id,
    )
    return grid_id


async def stored(conn: Connection, task: Task) -> Any:
    return await conn.fetchrow("SELECT * FROM tasks WHERE id = $1", task.id)


async def test_a_task_takes_what_it_does_not_say_from_its_kind(conn: Connection, district: District) -> None:
    taken = await take_one(conn, district, needs=("tibetan",))
    row = await stored(conn, taken.task)
    kind = await conn.fetchrow("SELECT * FROM kinds WHERE code = 'temperature_check'")
    assert (row["channel"], row["service_s"], row["priority"]) == (kind["channel"], kind["service_s"], kind["priority"])
    assert (row["roles"], row["max_attempts"]) == (kind["required_roles"], kind["max_attempts"])
    assert row["capabilities"] == sorted({*kind["required_capabilities"], "tibetan"})
    assert row["status"] == "pending"
    assert row["waiting_reason"] == "being_planned"
    assert (row["earliest"], row["plan_at"]) == (NOW, NOW)
    assert row["due_at"] > NOW


async def test_a_task_due_the_same_day_ends_with_the_day_of_its_district(conn: Connection, district: District) -> None:
    await conn.execute("UPDATE kinds SET due_after_s = NULL WHERE code = 'info_verification'")
    taken = await take_one(conn, district, kind="info_verification", subject=SubjectDraft(phone="13800000001"))
    assert taken.task.due_at == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


async def test_what_is_returned_is_what_is_stored(conn: Connection, district: District) -> None:
    subject = SubjectDraft(name="Li", phone="13800000001", flags={"language": "en"})
    taken = await take_one(conn, district, ref="r1", subject=subject, instructions="ring twice", priority=5)
    again = await take_one(conn, district, ref="r1", subject=subject, instructions="ring twice", priority=5)
    assert again.repeated
    assert again.task == taken.task


async def test_every_new_task_writes_its_event_without_content(conn: Connection, district: District) -> None:
    account_id = new_id()
    (answer,) = await take_in(conn, district.id, [draft(instructions="secret")], now=NOW, account_id=account_id)
    assert isinstance(answer, TakenIn)
    event = await conn.fetchrow("SELECT * FROM events WHERE name = 'task.created'")
    assert (event["task_id"], event["account_id"]) == (answer.task.id, account_id)
    assert set(event["data"]) == {"kind_id"}


async def test_good_drafts_land_while_bad_ones_come_back_in_their_places(conn: Connection, district: District) -> None:
    answers = await take_in(
        conn,
        district.id,
        [draft(), draft(kind="no_such"), draft(household=None), draft(due_at=NOW + timedelta(days=900))],
        now=NOW,
    )
    assert isinstance(answers[0], TakenIn)
    assert [places(answer) for answer in answers[1:] if isinstance(answer, Invalid)] == [
        ["kind"],
        ["household"],
        ["due_at"],
    ]
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"kind": "no_such"}, ["kind"]),
        ({"household": None}, ["household"]),
        ({"household": HouseholdDraft()}, ["household"]),
        ({"household": HouseholdDraft(access_notes="gate 4711")}, ["household"]),
        ({"household": None, "subject": SubjectDraft(name="Li")}, ["household"]),
        ({"household": None, "subject": SubjectDraft(ref="nobody yet")}, ["household"]),
        ({"kind": "trace_call"}, ["subject.phone"]),
        ({"kind": "trace_call", "subject": SubjectDraft(ref="nobody yet")}, ["subject.phone"]),
        ({"household": HouseholdDraft(id=new_id())}, ["household.id"]),
        ({"subject": SubjectDraft(id=new_id())}, ["subject.id"]),
        ({"due_at": NOW, "earliest": NOW}, ["due_at"]),
        ({"due_at": NOW, "earliest": NOW + timedelta(hours=1)}, ["due_at"]),
        (
            {"earliest": NOW + timedelta(days=400), "due_at": NOW - timedelta(days=400)},
            ["earliest", "due_at", "due_at"],
        ),
    ],
)
async def test_a_bad_draft_names_its_fields_and_leaves_nothing_behind(
    conn: Connection, district: District, said: dict[str, Any], wrong: list[str]
) -> None:
    error = await refusal(conn, district, **said)
    assert isinstance(error, Invalid)
    assert places(error) == wrong


async def test_a_kind_that_is_out_of_use_takes_no_tasks(conn: Connection, district: District) -> None:
    await conn.execute("UPDATE kinds SET active = false WHERE code = 'temperature_check'")
    assert places(await refusal(conn, district)) == ["kind"]


async def test_an_absent_district_is_not_found(conn: Connection) -> None:
    with pytest.raises(NotFound):
        await take_in(conn, new_id(), [draft()], now=NOW)


async def test_nothing_at_all_is_taken_in_as_nothing(conn: Connection, district: District) -> None:
    assert await take_in(conn, district.id, [], now=NOW) == []


async def test_the_same_ref_with_another_body_is_a_conflict_that_changes_nothing(
    conn: Connection, district: District
) -> None:
    await take_one(conn, district, ref="r1", household=HouseholdDraft(ref="h1", address="old"))
    (answer,) = await take_in(
        conn, district.id, [draft(ref="r1", household=HouseholdDraft(ref="h1", address="new"))], now=NOW
    )
    assert isinstance(answer, BodyDiffers)
    assert await conn.fetchval("SELECT address FROM households") == "old"


async def test_the_same_moment_in_another_offset_is_the_same_body(conn: Connection, district: District) -> None:
    due = NOW + timedelta(hours=3)
    await take_one(conn, district, ref="r1", due_at=due)
    assert (await take_one(conn, district, ref="r1", due_at=due.astimezone())).repeated


async def test_an_id_made_by_the_client_is_kept_and_known_again(conn: Connection, district: District) -> None:
    task_id = new_id()
    assert (await take_one(conn, district, id=task_id)).task.id == task_id
    assert (await take_one(conn, district, id=task_id)).repeated
    (other,) = await take_in(conn, district.id, [draft(id=task_id, priority=1)], now=NOW)
    assert isinstance(other, BodyDiffers)


async def test_an_id_of_another_district_is_taken_and_not_shown(conn: Connection, district: District) -> None:
    elsewhere = await make_district(conn, "elsewhere")
    task_id = new_id()
    await take_one(conn, elsewhere, id=task_id)
    (answer,) = await take_in(conn, district.id, [draft(id=task_id)], now=NOW)
    assert isinstance(answer, Taken)
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 1


async def test_two_districts_may_use_the_same_ref(conn: Connection, district: District) -> None:
    elsewhere = await make_district(conn, "elsewhere")
    await take_one(conn, elsewhere, ref="r1")
    assert not (await take_one(conn, district, ref="r1", priority=1)).repeated


async def test_one_batch_that_says_a_ref_twice_makes_one_task(conn: Connection, district: District) -> None:
    first, same, other = await take_in(
        conn, district.id, [draft(ref="r1"), draft(ref="r1"), draft(ref="r1", priority=5)], now=NOW
    )
    assert isinstance(first, TakenIn)
    assert isinstance(same, TakenIn)
    assert same.repeated
    assert same.task.id == first.task.id
    assert isinstance(other, BodyDiffers)
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 1


async def test_a_refused_first_mention_of_a_ref_does_not_swallow_the_good_second(
    conn: Connection, district: District
) -> None:
    bad, good = await take_in(conn, district.id, [draft(ref="r1", kind="no_such"), draft(ref="r1")], now=NOW)
    assert isinstance(bad, Invalid)
    assert isinstance(good, TakenIn)
    assert not good.repeated


@pytest.mark.parametrize(
    "about",
    [
        {"household": HOME},
        {"household": HouseholdDraft(address="elsewhere"), "subject": SubjectDraft(phone="13800000001", name="Li")},
    ],
)
async def test_what_looks_like_an_open_task_is_made_with_a_warning(
    conn: Connection, district: District, about: dict[str, Any]
) -> None:
    first = await take_one(conn, district, subject=SubjectDraft(phone="13800000001", name="Li"))
    assert first.possible_duplicate is None
    assert (await take_one(conn, district, **about)).possible_duplicate == first.task.id
    assert (await take_one(conn, district, **about, kind="delivery")).possible_duplicate is None


async def test_twins_within_one_batch_are_noticed_too(conn: Connection, district: District) -> None:
    first, second = await take_in(conn, district.id, [draft(), draft()], now=NOW)
    assert isinstance(first, TakenIn)
    assert isinstance(second, TakenIn)
    assert (first.possible_duplicate, second.possible_duplicate) == (None, first.task.id)


async def test_who_says_a_task_again_hears_again_what_it_looks_like(conn: Connection, district: District) -> None:
    first = await take_one(conn, district)
    said = [draft(ref="r1"), draft(ref="r1"), draft(ref="r2", kind="delivery")]
    for _ in range(2):
        answers = await take_in(conn, district.id, said, now=NOW)
        assert [answer.possible_duplicate for answer in answers if isinstance(answer, TakenIn)] == [
            first.task.id,
            first.task.id,
            None,
        ]
    await conn.execute(
        "UPDATE tasks SET status = 'cancelled', closed_at = $2, waiting_reason = NULL, plan_at = NULL WHERE id = $1",
        first.task.id,
        NOW,
    )
    again = await take_one(conn, district, ref="r1")
    assert (again.repeated, again.possible_duplicate) == (True, None)


async def test_a_visit_without_a_point_waits_for_its_location(conn: Connection, district: District) -> None:
    for said in (
        {"household": HouseholdDraft(address="somewhere")},
        {"household": None, "subject": SubjectDraft(phone="13800000001")},
    ):
        task = (await take_one(conn, district, **said)).task
        assert task.waiting_reason is WaitingReason.NO_LOCATION
        assert task.plan_at == NOW + timedelta(days=1)


async def test_a_call_needs_no_location(conn: Connection, district: District) -> None:
    call = await take_one(conn, district, kind="trace_call", household=None, subject=SubjectDraft(phone="13800000001"))
    assert call.task.waiting_reason is WaitingReason.BEING_PLANNED
    assert call.task.point is None


async def test_a_point_outside_every_grid_waits_only_where_there_are_grids(
    conn: Connection, district: District
) -> None:
    assert (await take_one(conn, district)).task.waiting_reason is WaitingReason.BEING_PLANNED
    grid_id = await draw_grid(conn, district)
    inside = await take_one(conn, district, household=HouseholdDraft(lat=31.5, lon=121.5))
    assert inside.task.grid_id == grid_id
    outside = await take_one(conn, district, household=HouseholdDraft(lat=41.5, lon=121.5))
    assert outside.task.waiting_reason is WaitingReason.OUTSIDE_EVERY_GRID
    call = await take_one(
        conn,
        district,
        kind="trace_call",
        household=HouseholdDraft(lat=41.5, lon=121.5),
        subject=SubjectDraft(phone="13800000001"),
    )
    assert call.task.waiting_reason is WaitingReason.BEING_PLANNED


async def test_a_household_known_by_its_ref_lends_its_point(conn: Connection, district: District) -> None:
    first = await take_one(conn, district, household=HouseholdDraft(ref="h1", address="A", lat=31.2, lon=121.4))
    later = await take_one(conn, district, household=HouseholdDraft(ref="h1"), kind="delivery")
    assert later.task.household_id == first.task.household_id
    assert (later.task.lat, later.task.lon) == (31.2, 121.4)
    by_id = await take_one(conn, district, household=HouseholdDraft(id=first.task.household_id), kind="notice")
    assert by_id.task.lat == 31.2


async def test_a_known_person_lends_home_and_phone(conn: Connection, district: District) -> None:
    first = await take_one(conn, district, subject=SubjectDraft(ref="s1", name="Li", phone="13800000001"))
    visit = await take_one(conn, district, household=None, subject=SubjectDraft(ref="s1"), kind="delivery")
    assert visit.task.household_id == first.task.household_id
    assert visit.task.lat == HOME.lat
    call = await take_one(
        conn, district, household=None, subject=SubjectDraft(id=first.task.subject_id), kind="trace_call"
    )
    assert call.task.subject_id == first.task.subject_id


async def test_the_point_that_comes_later_moves_what_already_waits(conn: Connection, district: District) -> None:
    lost = await take_one(conn, district, household=HouseholdDraft(ref="h1", address="somewhere"))
    assert lost.task.waiting_reason is WaitingReason.NO_LOCATION
    await take_one(conn, district, household=HouseholdDraft(ref="h1", lat=31.2, lon=121.4), kind="delivery")
    row = await stored(conn, lost.task)
    assert (row["lat"], row["plan_at"]) == (31.2, NOW)


async def test_one_door_mentioned_often_is_one_household(conn: Connection, district: District) -> None:
    answers = await take_in(
        conn,
        district.id,
        [
            draft(household=HouseholdDraft(ref="h1", address="A")),
            draft(household=HouseholdDraft(ref="h1", lat=31.2, lon=121.4), kind="delivery"),
            draft(household=HouseholdDraft(ref="h1"), kind="notice"),
        ],
        now=NOW,
    )
    assert {answer.task.lat for answer in answers if isinstance(answer, TakenIn)} == {31.2}
    assert await conn.fetchval("SELECT count(*) FROM households") == 1


async def test_a_task_that_is_due_already_is_taken_and_late(conn: Connection, district: District) -> None:
    task = (await take_one(conn, district, due_at=NOW - timedelta(hours=1))).task
    assert task.earliest == task.due_at
    assert task.is_overdue(NOW)


async def test_the_same_ref_at_once_makes_one_task(pool: Pool, conn: Connection, district: District) -> None:
    async def post(priority: int) -> TakenIn | DomainError:
        async with pool.acquire() as own:
            (answer,) = await take_in(own, district.id, [draft(ref="r1", priority=priority)], now=NOW)
            return answer

    same = await asyncio.gather(*(post(3) for _ in range(8)))
    assert sorted(answer.repeated for answer in same if isinstance(answer, TakenIn)) == [False] + [True] * 7
    assert isinstance(await post(4), BodyDiffers)


async def test_the_loser_of_a_race_for_a_ref_undoes_what_it_wrote(
    pool: Pool, conn: Connection, district: District
) -> None:
    """First half: another body holds the ref, uncommitted. Second half: it commits, and the loser leaves no trace."""
    async with pool.acquire() as winner, pool.acquire() as loser:
        held = winner.transaction()
        await held.start()
        await take_in(winner, district.id, [draft(ref="r1", household=HouseholdDraft(ref="h1"))], now=NOW)
        losing = asyncio.create_task(
            take_in(loser, district.id, [draft(ref="r1", household=HouseholdDraft(ref="h2", lat=1, lon=1))], now=NOW)
        )
        await until_one_waits(conn)
        await held.commit()
        (answer,) = await losing
    assert isinstance(answer, BodyDiffers)
    assert await conn.fetchval("SELECT array_agg(ref) FROM households") == ["h1"]


async def test_batches_that_share_refs_in_opposite_order_both_end(
    pool: Pool, conn: Connection, district: District
) -> None:
    drafts = [
        draft(ref=f"r{i}", household=HouseholdDraft(ref=f"h{i}"), subject=SubjectDraft(ref=f"s{i}")) for i in range(50)
    ]

    async def post(order: list[TaskDraft]) -> int:
        async with pool.acquire() as own:
            answers = await take_in(own, district.id, order, now=NOW)
        return sum(isinstance(answer, TakenIn) and not answer.repeated for answer in answers)

    made = await asyncio.gather(*(post(drafts if i % 2 else drafts[::-1]) for i in range(6)))
    assert sorted(made) == [0, 0, 0, 0, 0, 50]


async def until_one_waits(conn: Connection) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(1000):
        if await conn.fetchval(waiting):
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits for a lock")
