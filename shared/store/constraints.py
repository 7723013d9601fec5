"""What the database forbids, in the words of the field: constraint name → domain error, naming the field."""

from collections.abc import Iterator
from contextlib import contextmanager

from asyncpg import (
    ExclusionViolationError,
    ForeignKeyViolationError,
    IntegrityConstraintViolationError,
    UniqueViolationError,
)

from shared.domain.errors import (
    ChangedMeanwhile,
    DomainError,
    FieldError,
    InUse,
    Invalid,
    NotFound,
    ShiftOverlaps,
    SlotFilled,
    Taken,
)

_TAKEN = {
    "districts_code_key": "code",
    "teams_district_id_code_key": "code",
    "kinds_district_id_code_key": "code",
    "grids_district_id_code_key": "code",
    "members_district_id_phone_key": "phone",
    "households_ref": "ref",
    "households_district_id_door_key": "address",
    "subjects_ref": "ref",
    "subjects_district_id_person_key": "name",
    "accounts_name_key": "name",
    "tasks_ref": "ref",
    "push_subscriptions_endpoint_key": "endpoint",
    "contacts_once": "subject",
    "protocols_district_id_code_key": "code",
    "pick_up_points_district_id_name_key": "name",
}
_NOT_A_SLOT = {"members_district_id_role_fkey": "role", "memberships_district_id_role_fkey": "role"}
_NOT_FOUND = {
    "memberships_district_id_team_id_fkey": "team_id",
    "memberships_district_id_member_id_fkey": "member_id",
    "shifts_district_id_team_id_fkey": "team_id",
    "subjects_district_id_household_id_fkey": "household_id",
}
_GRIDS_REDRAWN = {
    "households_district_id_grid_id_fkey",
    "tasks_district_id_grid_id_fkey",
    "teams_district_id_home_grid_id_fkey",
}
_EXCLUDED: dict[str, tuple[type[DomainError], str]] = {
    "memberships_one_member_per_slot": (SlotFilled, "Two members would fill one slot."),
    "memberships_one_team_per_member": (SlotFilled, "A member would be on two teams, or in two slots."),
    "shifts_never_overlap": (ShiftOverlaps, ""),
}


@contextmanager
def domain_errors() -> Iterator[None]:
    """Raise what the database forbids as Taken, Invalid, NotFound, InUse, ChangedMeanwhile, ShiftOverlaps or SlotFilled.

    Wrap it around the transaction or savepoint that the refusal rolls back.
    """
    try:
        yield
    except IntegrityConstraintViolationError as refused:
        meant = _meaning(refused)
        if meant is None:
            raise
        raise meant from refused


def _meaning(refused: IntegrityConstraintViolationError) -> DomainError | None:
    name = refused.constraint_name or ""
    match refused:
        case UniqueViolationError():
            return _taken(name)
        case ExclusionViolationError():
            if name not in _EXCLUDED:
                return None
            error, detail = _EXCLUDED[name]
            return error(detail)
        case ForeignKeyViolationError() if "still referenced" in (refused.detail or ""):
            return InUse()
        case ForeignKeyViolationError():
            return _dangling(name)
    return None


def _taken(name: str) -> DomainError | None:
    if name.endswith("_pkey"):
        return Taken(errors=(FieldError(in_="body", loc="id", msg="This id is in use already."),))
    if name not in _TAKEN:
        return None
    return Taken(errors=(FieldError(in_="body", loc=_TAKEN[name], msg="In use already."),))


def _dangling(name: str) -> DomainError | None:
    if name in _NOT_A_SLOT:
        return Invalid(errors=(FieldError(in_="body", loc=_NOT_A_SLOT[name], msg="The district has no such slot."),))
    if name in _NOT_FOUND:
        return NotFound(
            errors=(FieldError(in_="body", loc=_NOT_FOUND[name], msg="There is no such thing in the district."),)
        )
    return ChangedMeanwhile() if name in _GRIDS_REDRAWN else None
