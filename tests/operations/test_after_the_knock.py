"""What follows from a visit by the rules of its kind: tasks, alarms, the follow-up, the next attempt, marks; how corrections undo it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared.domain.clock import utc_now
from shared.domain.follow_up import FollowUp, FollowUpDraft
from shared.domain.geography import Point
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.reports import Answered, Position, Review
from shared.operations.follow_ups import start_follow_up
from shared.operations.reviews import review_visit
from shared.store import follow_ups, protocols, tasks, visits
from shared.store.connection import Connection, Pool
from tests.city import LAT, LON, City, assert_consistent, make_city, post
from tests.phones import FEVER, NORMAL, Phone, give, heard, phone_of, standing

RELEASED = {"released": True}
_LI = SubjectDraft(ref="s1", name="Li Hua")


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[1])


@pytest.fixture
async def others(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[4])


async def held(conn: Connection, city: City, *, kind: str = "isolation_visit", **draft: Any) -> UUID:
    """A task with the first team."""
    (task_id,) = await post(conn, city, kind=kind, **draft)
    await give(conn, city, city.team_ids[0], [task_id])
    return task_id


async def rule(conn: Connection, kind: str, **rules: Any) -> None:
    for name, value in rules.items():
        await conn.execute(f"UPDATE kinds SET {name} = $2 WHERE code = $1", kind, value)


async def made(conn: Connection, task_id: UUID) -> list[tuple[str, str]]:
    """Kind and status of the tasks that a task's visits made."""
    rows = await conn.fetch(
        "SELECT k.code, t.status FROM tasks t JOIN kinds k ON k.id = t.kind_id WHERE t.made_by_task_id = $1 ORDER BY t.id",
        task_id,
    )
    return [(row["code"], row["status"]) for row in rows]


async def alarms(conn: Connection, task_id: UUID) -> list[tuple[str, bool]]:
    """What each alarm about the task is, and whether it stands."""
    rows = await conn.fetch("SELECT what, cleared_at FROM alarms WHERE task_id = $1 ORDER BY raised_at, id", task_id)
    return [(row["what"], row["cleared_at"] is None) for row in rows]


async def test_a_refusal_makes_the_task_of_who_can_help_and_an_alarm_once(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id = await held(conn, city)
    first = await phone.visits(task_id, "refused")
    assert (first.status, len(first.made_task_ids)) == (Answered.DONE, 1)
    assert await standing(conn, task_id) == ("pending", None)
    await give(conn, city, city.team_ids[0], [task_id])
    assert (await phone.visits(task_id, "refused")).made_task_ids == ()
    assert await made(conn, task_id) == [("breach_check", "pending")]
    assert await alarms(conn, task_id) == [("refused", True)]
    same_door: bool = await conn.fetchval(
        "SELECT t.household_id = m.household_id FROM tasks t JOIN tasks m ON m.made_by_task_id = t.id WHERE t.id = $1",
        task_id,
    )
    assert same_door


@pytest.mark.parametrize("kind", ["isolation_visit", "breach_check"])
async def test_a_team_that_was_threatened_is_an_alarm_until_that_was_a_mistake(
    conn: Connection, city: City, phone: Phone, kind: str
) -> None:
    task_id = await held(conn, city, kind=kind)
    said = phone.visit(task_id, "unsafe")
    await phone.send(said)
    assert await alarms(conn, task_id) == [("unsafe", True)]
    await phone.correct(said.id, "unavailable")
    assert await alarms(conn, task_id) == [("unsafe", False)]


async def test_a_call_that_reaches_nobody_becomes_a_knock(conn: Connection, city: City, phone: Phone) -> None:
    subject = SubjectDraft(ref="s1", name="Li Hua", phone="13800000001")
    task_id = await held(conn, city, kind="trace_call", subject=subject)
    await conn.execute("UPDATE tasks SET max_attempts = 2 WHERE id = $1", task_id)
    await phone.visits(task_id, "unavailable")
    assert await made(conn, task_id) == []
    await give(conn, city, city.team_ids[0], [task_id])
    await phone.visits(task_id, "unavailable")
    assert await standing(conn, task_id) == ("not_executable", None)
    assert await made(conn, task_id) == [("info_verification", "pending")]
    knock = await conn.fetchrow(
        "SELECT channel, household_id, subject_id FROM tasks WHERE made_by_task_id = $1", task_id
    )
    assert knock is not None
    assert (knock["channel"], knock["household_id"] is None, knock["subject_id"] is None) == ("visit", False, False)


async def test_a_kind_wanted_for_two_reasons_at_once_is_made_once_and_stays_while_one_reason_does(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id = await held(conn, city)
    await conn.execute("UPDATE tasks SET max_attempts = 1 WHERE id = $1", task_id)
    said = phone.visit(task_id, "refused")
    await phone.send(said)
    assert await standing(conn, task_id) == ("not_executable", None)
    assert await made(conn, task_id) == [("breach_check", "pending")]
    assert sorted(await alarms(conn, task_id)) == [("not_executable", True), ("refused", True)]
    await phone.correct(said.id, "unavailable")
    assert await made(conn, task_id) == [("breach_check", "pending")], "it is not executable all the same"
    assert sorted(await alarms(conn, task_id)) == [("not_executable", True), ("refused", False)]


async def test_a_refusal_by_mistake_takes_back_what_nobody_accepted(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    idle, taken = await held(conn, city), await held(conn, city)
    for task_id in (idle, taken):
        said = phone.visit(task_id, "refused")
        (made_id,) = (await phone.send(said)).made_task_ids
        await give(conn, city, city.team_ids[1], [made_id])
        if task_id == taken:
            await others.accept(made_id)
        await phone.correct(said.id, "unavailable")
        assert await alarms(conn, task_id) == [("refused", False)]
    assert await made(conn, idle) == [("breach_check", "cancelled")]
    assert await made(conn, taken) == [("breach_check", "accepted")]
    await assert_consistent(conn)


async def test_what_two_visits_gave_reason_for_stays_when_one_of_them_was_a_mistake(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id = await held(conn, city)
    first = phone.visit(task_id, "refused")
    await phone.send(first)
    await give(conn, city, city.team_ids[0], [task_id])
    second = phone.visit(task_id, "refused")
    await phone.send(second)
    await phone.correct(first.id, "unavailable")
    assert await made(conn, task_id) == [("breach_check", "pending")]
    await phone.correct(second.id, "unavailable")
    assert await made(conn, task_id) == [("breach_check", "cancelled")]
    assert [stands for _, stands in await alarms(conn, task_id)] == [False]


async def test_one_person_gets_one_swab_for_a_fever_on_two_tasks_and_it_stays_while_one_of_them_was_right(
    conn: Connection, city: City, phone: Phone
) -> None:
    morning, evening = [await held(conn, city, kind="temperature_check", subject=_LI) for _ in range(2)]
    first, second = [phone.visit(task_id, result=FEVER) for task_id in (morning, evening)]
    assert len((await phone.send(first)).made_task_ids) == 2
    assert len((await phone.send(second)).made_task_ids) == 0
    assert await made(conn, evening) == []
    await phone.correct(first.id, "seen_ok", NORMAL)
    assert await made(conn, morning) == [("doctor_visit", "pending"), ("home_swab", "pending")]
    await phone.correct(second.id, "seen_ok", NORMAL)
    assert await made(conn, morning) == [("doctor_visit", "cancelled"), ("home_swab", "cancelled")]
    await assert_consistent(conn)


async def test_a_fever_found_once_the_swab_is_taken_asks_for_another(
    conn: Connection, city: City, phone: Phone
) -> None:
    await rule(conn, "temperature_check", follow_on={"fever": ["home_swab"]})
    morning, evening = [await held(conn, city, kind="temperature_check", subject=_LI) for _ in range(2)]
    (swab,) = (await phone.visits(morning, result=FEVER)).made_task_ids
    await give(conn, city, city.team_ids[0], [swab])
    await phone.visits(swab)
    assert len((await phone.visits(evening, result=FEVER)).made_task_ids) == 1


async def test_two_phones_that_find_the_fever_at_once_ask_for_one_swab(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    for number in range(8):
        subject = SubjectDraft(ref=f"s{number}", name="Li Hua")
        (one,) = await post(conn, city, kind="temperature_check", subject=subject)
        (other,) = await post(conn, city, kind="temperature_check", subject=subject)
        await asyncio.gather(phone.visits(one, result=FEVER), others.visits(other, result=FEVER))
        followed = sorted([*await made(conn, one), *await made(conn, other)])
        assert followed == [("doctor_visit", "pending"), ("home_swab", "pending")]
    await assert_consistent(conn)


async def test_what_was_taken_back_is_made_anew_when_it_was_true_after_all(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id = await held(conn, city)
    said = phone.visit(task_id, "refused")
    await phone.send(said)
    await phone.correct(said.id, "unavailable")
    newest = (await visits.select_visits_of_task(conn, task_id))[-1]
    assert len((await phone.correct(newest.id, "refused")).made_task_ids) == 1
    assert await made(conn, task_id) == [("breach_check", "cancelled"), ("breach_check", "pending")]
    assert await alarms(conn, task_id) == [("refused", False), ("refused", True)]


async def test_what_follows_only_from_a_finished_task_is_taken_back_when_it_opens_again(
    conn: Connection, city: City, phone: Phone
) -> None:
    await rule(conn, "delivery", follow_on={"completed": ["notice"]})
    task_id = await held(conn, city, kind="delivery")
    said = phone.visit(task_id, result={"handed_over": "in_person"})
    await phone.send(said)
    assert await made(conn, task_id) == [("notice", "pending")]
    await phone.correct(said.id, "unavailable")
    assert await standing(conn, task_id) == ("pending", None)
    assert await made(conn, task_id) == [("notice", "cancelled")]


async def test_a_visit_without_consequences_has_none(conn: Connection, city: City, others: Phone) -> None:
    task_id = await held(conn, city)
    answer = await others.visits(task_id, "refused")
    assert answer.needs_review == (Review.NOT_HELD_BY_TEAM,)
    assert (await made(conn, task_id), await alarms(conn, task_id)) == ([], [])


async def test_kinds_from_before_do_what_they_did(conn: Connection, city: City, phone: Phone) -> None:
    """As the migration leaves them."""
    await conn.execute(
        """
        UPDATE kinds SET retry_elsewhen = DEFAULT, then_follow_up = DEFAULT, raises_alarm = DEFAULT, quick_s = DEFAULT, far_m = DEFAULT,
                         follow_on = '{"fever": ["home_swab"]}'
        """
    )
    plan = await followed(conn, city)
    feverish = await held(conn, city, kind="temperature_check", subject=SubjectDraft(id=plan.subject_id))
    refused = await held(conn, city)
    await phone.visits(feverish, result=FEVER, position=FAR_AWAY)
    await phone.visits(refused, "refused", position=FAR_AWAY)
    assert await made(conn, feverish) == [("home_swab", "pending")]
    assert await made(conn, refused) == []
    assert await conn.fetchval("SELECT count(*) FROM alarms") == 0
    assert await conn.fetchval("SELECT count(*) FROM visits WHERE needs_review <> '{}'") == 0
    assert await live_protocol(conn, plan.subject_id) == "home_isolation"


# The follow-up


async def followed(conn: Connection, city: City) -> FollowUp:
    """A person isolated at home since three days ago."""
    today = utc_now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    draft = FollowUpDraft(
        subject=SubjectDraft(ref="li-hua", name="Li Hua", phone="13800000002"),
        household=HouseholdDraft(ref="li-home", address="Sichuan North Road", lat=LAT, lon=LON),
        protocol="home_isolation",
        first_day=today - timedelta(days=3),
    )
    return await start_follow_up(conn, city.district_id, draft, now=utc_now())


async def live_protocol(conn: Connection, subject_id: UUID) -> str | None:
    """The protocol by which somebody is followed up."""
    live = await follow_ups.select_live_of_subject(conn, subject_id)
    protocol = await protocols.select_protocol(conn, live.protocol_id) if live and live.protocol_id else None
    return protocol.code if protocol else None


async def test_a_release_ends_the_follow_up_and_a_correction_goes_on_with_it(
    conn: Connection, city: City, phone: Phone
) -> None:
    plan = await followed(conn, city)
    task_id = await held(conn, city, kind="release", subject=SubjectDraft(id=plan.subject_id))
    said = phone.visit(task_id, result=RELEASED)
    await phone.send(said)
    ended = await follow_ups.select_follow_up(conn, plan.id)
    assert ended is not None
    assert (ended.status, ended.end_reason) == ("completed", "completed")
    await phone.correct(said.id, "seen_ok", {"released": False})
    again = await follow_ups.select_live_of_subject(conn, plan.subject_id)
    assert again is not None
    assert (again.follows_id, again.first_day, again.last_day, again.lines) == (
        plan.id,
        plan.first_day,
        plan.last_day,
        plan.lines,
    )
    assert await conn.fetchval("SELECT count(*) FROM follow_up_occurrences WHERE follow_up_id = $1", again.id) > 10
    newest = (await visits.select_visits_of_task(conn, task_id))[-1]
    await phone.correct(newest.id, "seen_ok", RELEASED)
    assert await follow_ups.select_live_of_subject(conn, plan.subject_id) is None


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        ("seen_ok", {"released": False}),
        ("seen_not_ok", RELEASED),
        ("seen_ok", {**RELEASED, "temperature_c": 38.2}),
        ("unavailable", {}),
    ],
)
async def test_nobody_is_let_out_who_is_not_well_or_not_released(
    conn: Connection, city: City, phone: Phone, outcome: str, result: dict[str, Any]
) -> None:
    plan = await followed(conn, city)
    task_id = await held(conn, city, kind="release", subject=SubjectDraft(id=plan.subject_id))
    await phone.visits(task_id, outcome, result=result)
    assert await live_protocol(conn, plan.subject_id) == "home_isolation"


async def test_a_fever_converts_the_follow_up_and_a_mistake_converts_it_back(
    conn: Connection, city: City, phone: Phone
) -> None:
    plan = await followed(conn, city)
    task_id = await held(conn, city, kind="temperature_check", subject=SubjectDraft(id=plan.subject_id))
    said = phone.visit(task_id, result=FEVER)
    answer = await phone.send(said)
    assert len(answer.made_task_ids) == 2
    assert await live_protocol(conn, plan.subject_id) == "fever_watch"
    assert await alarms(conn, task_id) == [("fever", True)]
    await phone.correct(said.id, "seen_ok", NORMAL)
    assert await live_protocol(conn, plan.subject_id) == "home_isolation"
    assert await alarms(conn, task_id) == [("fever", False)]
    assert {status for _, status in await made(conn, task_id)} == {"cancelled"}
    statuses = await conn.fetch("SELECT status FROM follow_ups ORDER BY id")
    assert [row["status"] for row in statuses] == ["converted", "cancelled", "under_follow_up"]
    await assert_consistent(conn)


async def test_a_second_fever_does_not_begin_the_watch_anew(conn: Connection, city: City, phone: Phone) -> None:
    plan = await followed(conn, city)
    for _ in range(2):
        task_id = await held(conn, city, kind="temperature_check", subject=SubjectDraft(id=plan.subject_id))
        await phone.visits(task_id, result=FEVER)
    assert await conn.fetchval("SELECT count(*) FROM follow_ups") == 2


async def test_what_somebody_made_of_the_follow_up_since_stays(conn: Connection, city: City, phone: Phone) -> None:
    plan = await followed(conn, city)
    task_id = await held(conn, city, kind="release", subject=SubjectDraft(id=plan.subject_id))
    said = phone.visit(task_id, result=RELEASED)
    await phone.send(said)
    draft = FollowUpDraft(subject=SubjectDraft(id=plan.subject_id), protocol="health_monitoring")
    await start_follow_up(conn, city.district_id, draft, now=utc_now())
    await phone.correct(said.id, "unavailable")
    assert await live_protocol(conn, plan.subject_id) == "health_monitoring"


async def test_a_protocol_that_is_gone_stops_no_visit(conn: Connection, city: City, phone: Phone) -> None:
    plan = await followed(conn, city)
    await conn.execute("UPDATE protocols SET active = false WHERE code = 'fever_watch'")
    task_id = await held(conn, city, kind="temperature_check", subject=SubjectDraft(id=plan.subject_id))
    assert (await phone.visits(task_id, result=FEVER)).status is Answered.DONE
    assert await live_protocol(conn, plan.subject_id) == "home_isolation"
    assert "follow_up.not_changed" in await heard(conn)


# The next attempt


async def test_the_next_attempt_opens_in_another_part_of_the_day(conn: Connection, city: City, phone: Phone) -> None:
    task_id = await held(conn, city, kind="notice", due_at=utc_now() + timedelta(days=2))
    await phone.visits(task_id, "unavailable")
    task = await tasks.select_task(conn, task_id)
    assert task is not None
    opens = task.earliest.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (opens.hour, opens.minute) in {(6, 0), (11, 0), (17, 0)} or 6 <= opens.hour < 22
    assert task.earliest - utc_now() >= timedelta(hours=1, minutes=59), "not before the kind's pause is over"


# Marks

FAR_AWAY = Position(point=Point(LAT + 0.5, LON))


async def doors(conn: Connection, city: City, count: int) -> Sequence[UUID]:
    task_ids = await post(conn, city, count)
    await give(conn, city, city.team_ids[0], task_ids)
    return task_ids


async def marks(conn: Connection) -> list[list[str]]:
    """Of the visits in the order of receipt."""
    return [row["needs_review"] for row in await conn.fetch("SELECT needs_review FROM visits ORDER BY received_at")]


@pytest.mark.parametrize("outcome", ["seen_ok", "unavailable"])
async def test_a_visit_too_soon_after_another_door_counts_is_marked_and_the_team_is_not_told(
    conn: Connection, city: City, phone: Phone, outcome: str
) -> None:
    first, second, third = await doors(conn, city, 3)
    await phone.visits(first, ago_s=100)
    answer = await phone.visits(second, outcome, ago_s=80)
    assert (answer.status, answer.needs_review) == (Answered.DONE, ())
    assert (await standing(conn, second))[0] == ("completed" if outcome == "seen_ok" else "pending")
    await phone.visits(third, ago_s=40)
    assert await marks(conn) == [[], ["too_quick"], []]


async def test_reports_that_come_in_any_order_are_marked_by_when_it_happened(
    conn: Connection, city: City, phone: Phone
) -> None:
    first, second, third = await doors(conn, city, 3)
    await phone.visits(first, ago_s=10)
    await phone.visits(second, ago_s=300)
    await phone.visits(third, ago_s=20)
    assert await marks(conn) == [[], [], ["too_quick"]]


async def test_two_tasks_at_one_door_are_not_too_quick_nor_is_another_team(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    first, elsewhere = await doors(conn, city, 2)
    home = HouseholdDraft(id=await conn.fetchval("SELECT household_id FROM tasks WHERE id = $1", first))
    second = await held_at(conn, city, home)
    await phone.visits(first)
    await phone.visits(second)
    await others.visits(elsewhere)
    assert await marks(conn) == [[], [], []]


async def held_at(conn: Connection, city: City, home: HouseholdDraft) -> UUID:
    (task_id,) = await post(conn, city)
    await conn.execute(
        "UPDATE tasks SET household_id = $2, lat = h.lat, lon = h.lon FROM households h WHERE tasks.id = $1 AND h.id = $2",
        task_id,
        home.id,
    )
    await give(conn, city, city.team_ids[0], [task_id])
    return task_id


@pytest.mark.parametrize(
    ("position", "far"),
    [
        (FAR_AWAY, True),
        (Position(point=FAR_AWAY.point, accuracy_m=60_000), False),
        (Position(point=FAR_AWAY.point, accuracy_m=200), True),
        (None, False),
    ],
)
async def test_a_visit_told_from_far_away_is_marked_unless_the_phone_may_be_at_the_door(
    conn: Connection, city: City, phone: Phone, position: Position | None, far: bool
) -> None:
    (task_id,) = await doors(conn, city, 1)
    answer = await phone.visits(task_id, position=position)
    assert (answer.status, answer.needs_review) == (Answered.DONE, ())
    assert await standing(conn, task_id) == ("completed", None)
    assert await marks(conn) == [["too_far"] if far else []]


async def test_a_correction_keeps_the_marks_of_the_knock(conn: Connection, city: City, phone: Phone) -> None:
    (task_id,) = await doors(conn, city, 1)
    said = phone.visit(task_id, position=FAR_AWAY)
    await phone.send(said)
    assert (await phone.correct(said.id, "seen_not_ok")).needs_review == ()
    assert await marks(conn) == [["too_far"], ["too_far"]]


async def test_who_looked_first_at_a_visit_stays_and_it_is_told_once(
    conn: Connection, city: City, phone: Phone
) -> None:
    (task_id,) = await doors(conn, city, 1)
    said = phone.visit(task_id, position=FAR_AWAY)
    await phone.send(said)
    first, second = city.member_ids[0], city.member_ids[2]  # any ids
    for account_id in (first, second):
        await review_visit(conn, said.id, now=utc_now(), account_id=account_id)
    visit = await visits.select_visit(conn, said.id)
    assert visit is not None
    assert visit.reviewed_by == first
    assert (await heard(conn)).count("visit.reviewed") == 1
