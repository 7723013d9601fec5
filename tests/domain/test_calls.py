"""Who on a team makes a call."""

from dataclasses import dataclass
from uuid import UUID

from shared.domain.calls import share_out, stands_in

GRID_WORKER, DOCTOR, POLICE = UUID(int=1), UUID(int=2), UUID(int=3)
TEAM = [
    {"member_id": str(GRID_WORKER), "role": "grid_worker"},
    {"member_id": str(DOCTOR), "role": "doctor"},
    {"member_id": str(POLICE), "role": "police"},
]


def calls(many: int, *roles: str) -> list[tuple[UUID, frozenset[str]]]:
    return [(UUID(int=100 + number), frozenset(roles)) for number in range(many)]


def test_a_call_goes_to_the_role_that_it_needs() -> None:
    assert set(share_out(calls(3, "doctor"), TEAM, {}).values()) == {DOCTOR}


def test_where_two_could_call_each_gets_what_evens_out_what_they_have() -> None:
    callers = list(share_out(calls(5, "grid_worker", "doctor"), TEAM, {GRID_WORKER: 3}).values())
    assert callers == [DOCTOR, DOCTOR, DOCTOR, GRID_WORKER, DOCTOR]


def test_the_police_call_only_where_nobody_else_could() -> None:
    assert set(share_out(calls(4, "grid_worker", "police"), TEAM, {GRID_WORKER: 9}).values()) == {GRID_WORKER}
    assert set(share_out(calls(1, "police"), TEAM, {}).values()) == {POLICE}


def test_a_call_that_nobody_there_could_make_is_nobodys() -> None:
    assert share_out(calls(2, "nurse"), TEAM, {}) == {}


@dataclass(frozen=True)
class One:
    role: str
    duty: str


def test_for_somebody_who_left_the_first_on_duty_with_the_role_stands_in() -> None:
    resting, there, police = One("doctor", "break"), One("grid_worker", "on"), One("police", "on")
    assert stands_in([resting, there, police], ["doctor", "grid_worker"]) is there
    assert stands_in([resting, police], ["doctor", "police"]) is resting
    assert stands_in([there], ["doctor"]) is None
