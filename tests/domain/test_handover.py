"""Who follows a team, and what of its work the followers can take."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.geography import Pace, Point
from shared.domain.handover import Ending, PassedOn, follows, pass_on
from shared.domain.routing import TeamOnShift, Work, timetable

NOW = datetime(2022, 4, 1, 16, tzinfo=UTC)
GRID = UUID(int=900)
HOUR = timedelta(hours=1)


def team(
    number: int = 1, *, starts_min: int = 0, hours: float = 8, roles: str = "doctor", **fields: object
) -> TeamOnShift:
    starts = NOW + timedelta(minutes=starts_min)
    made = {
        "team_id": UUID(int=number),
        "shift_id": UUID(int=500 + number),
        "pace": Pace(kmh=4.5, detour=1.3),
        "place": Point(31.2, 121.4),
        "shift_starts": starts,
        "free_at": max(NOW, starts),
        "shift_ends": starts + timedelta(hours=hours),
        "roles": frozenset(roles.split()),
        "capabilities": frozenset[str](),
        "home_grid_id": GRID,
        "visits_left": None,
        "setup_s": 60,
    }
    return TeamOnShift(**{**made, **fields})  # type: ignore[arg-type]  # plain keywords of a builder


def work(number: int, *, minutes: int = 10, roles: str = "", lat: float = 31.2, priority: int = 3) -> Work:
    return Work(
        task_id=UUID(int=10_000 + number),
        door=UUID(int=number + 1),
        point=Point(lat, 121.4),
        grid_id=GRID,
        earliest=NOW - HOUR,
        due_at=NOW + 4 * HOUR,
        service_s=60 * minutes,
        priority=priority,
        roles=frozenset(roles.split()),
        capabilities=frozenset(),
    )


def passed(works: list[Work], *followers: TeamOnShift) -> PassedOn:
    return pass_on(works, followers, now=NOW, freeze_s=600, home_grid_price_s=60)


def test_a_team_follows_where_it_is_at_home_and_there_after_the_end() -> None:
    def is_next(of: TeamOnShift, home: UUID | None = GRID) -> bool:
        return follows(of, home, NOW, HOUR)

    assert is_next(team())
    assert is_next(team(starts_min=-120, hours=3)), "on shift already, and for longer"
    assert is_next(team(starts_min=60))
    assert not is_next(team(starts_min=61))
    assert not is_next(team(starts_min=-480)), "its shift ends at the same time"
    assert not is_next(team(home_grid_id=UUID(int=901)))
    assert not is_next(team(home_grid_id=None), home=None)
    assert not is_next(team(shift_id=None))


def test_what_was_kept_counts_for_the_end_it_was_said_of() -> None:
    ending = Ending(
        shift_id=UUID(int=1), starts_at=NOW - 8 * HOUR, ends_at=NOW, asks_from=NOW - HOUR / 2, goes_on=False
    )
    assert ending.was_kept(NOW - HOUR / 2)
    assert not ending.was_kept(NOW - HOUR)
    assert not ending.was_kept(None)
    assert ending.asks_at(NOW)
    assert not ending.asks_at(NOW - HOUR)


def test_the_one_with_most_room_takes_it_and_the_other_what_is_left() -> None:
    short, long_ = team(1, hours=1), team(2, hours=1.1)
    found = passed([work(1, minutes=40), work(2, minutes=40)], short, long_)
    assert [found.taker_of(UUID(int=10_000 + n)) for n in (1, 2)] == [long_.team_id, short.team_id]


def test_what_nobody_can_do_is_nobodys() -> None:
    found = passed([work(1, roles="police"), work(2, minutes=90), work(3)], team(hours=1))
    assert [found.taker_of(UUID(int=10_000 + n)) for n in (1, 2, 3)] == [None, None, UUID(int=1)]
    assert passed([work(1)]).teams == {}


@given(
    minutes=st.lists(st.sampled_from([1, 20, 60, 200]), max_size=8),
    followers=st.lists(st.tuples(st.sampled_from([0, 30]), st.sampled_from([0.5, 2.0, 8.0])), max_size=3),
    roles=st.sampled_from(["", "doctor", "police"]),
)
def test_each_is_taken_once_at_most_and_by_a_team_that_can_do_it_within_its_shift(
    minutes: list[int], followers: list[tuple[int, float]], roles: str
) -> None:
    works = [work(n, minutes=m, roles=roles, lat=31.2 + n / 1000) for n, m in enumerate(minutes)]
    those = [team(n + 1, starts_min=begin, hours=hours) for n, (begin, hours) in enumerate(followers)]
    found = passed(works, *those)
    assert found.reasons == passed(works[::-1], *those[::-1]).reasons, "in whatever order they come"
    taken = [step for walk in found.walks.values() for step in walk.works]
    assert sorted(step.task_id for step in taken) == sorted(found.reasons)
    for team_id, walk in found.walks.items():
        for step in timetable(walk, walk.works):
            assert walk.can_do(step.work)
            assert step.leave_at <= walk.shift_ends
            assert found.taker_of(step.work.task_id) == team_id
