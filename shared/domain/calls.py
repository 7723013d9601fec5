"""Who on a team makes a call: a member on duty who fills a role that it needs, the one with the fewest calls still to make."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shared.domain.words import POLICE


class OnTheTeam(Protocol):
    """Somebody who fills a slot of the team."""

    @property
    def role(self) -> str: ...
    @property
    def duty(self) -> str: ...


Person = TypeVar("Person", bound=OnTheTeam)


def share_out(
    calls: Iterable[tuple[UUID, frozenset[str]]],
    on_duty: Sequence[Mapping[str, Any]],
    still_to_make: Mapping[UUID, int],
) -> dict[UUID, UUID]:
    """Task → member, of the calls (task, roles needed) that somebody of `on_duty` ({"member_id", "role"}) can make, in their order.

    `still_to_make`: how many calls each member has already. Among equals the one named first.
    """
    people = [(UUID(str(one["member_id"])), str(one["role"])) for one in on_duty]
    load = {member_id: still_to_make.get(member_id, 0) for member_id, _ in people}
    callers: dict[UUID, UUID] = {}
    for task_id, roles in calls:
        able = [member_id for member_id, role in people if role in roles]
        if spared := [member_id for member_id, role in people if role in roles and role != POLICE]:
            able = spared
        if not able:
            continue
        callers[task_id] = min(able, key=load.__getitem__)
        load[callers[task_id]] += 1
    return callers


def stands_in(team: Sequence[Person], roles: Iterable[str]) -> Person | None:
    """Who makes the call where the member who was to make it is not on the team any more: of those whose role it needs the first on
    duty, else the first; the police last."""
    needed = set(roles)
    able = [one for one in team if one.role in needed]
    return min(able, key=lambda one: (one.role == POLICE, one.duty != "on"), default=None)
