"""Visits as lists show them."""

from uuid import UUID

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.fields import Code, Day, District, Id, QueryBool
from services.dispatcher.payloads.task_views import VisitOut
from shared.domain.reports import Visit
from shared.domain.words import Channel, Outcome
from shared.store.connection import Record


class VisitQuery(PageQuery):
    """`from` and `to`: days of the district, both included, by when visits were made (not reported); an account with several districts
    says which one."""

    district: District | None = None
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    kind: Code | None = None
    outcome: Outcome | None = None
    team_id: Id | None = None
    member_id: Id | None = None
    task_id: Id | None = None
    needs_review: QueryBool | None = None
    struck: QueryBool | None = None


class VisitListed(VisitOut):
    """A visit with what a list shows of its task, door, person and team. `member_name` is null for those who may not read members."""

    district_id: UUID
    task_id: UUID
    task_ref: str | None
    kind: str
    channel: Channel
    team_code: str | None
    member_name: str | None
    address: str | None
    subject_name: str | None

    @classmethod
    def row(cls, found: tuple[Visit, Record], *, shows_members: bool) -> "VisitListed":
        visit, row = found
        return cls(
            **VisitOut.of(visit, row["due_at"]).model_dump(),
            district_id=visit.district_id,
            task_id=visit.task_id,
            task_ref=row["task_ref"],
            kind=row["kind"],
            channel=row["channel"],
            team_code=row["team_code"],
            member_name=row["member_name"] if shows_members else None,
            address=row["address"],
            subject_name=row["subject_name"],
        )
