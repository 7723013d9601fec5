"""Rosters of weeks, taken in by one request from JSON or CSV; or only tried."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import TypeAdapter

from services.dispatcher.contract import JSON, RawBody
from services.dispatcher.payloads.rosters import (
    RosterItem,
    RosterRowIn,
    RostersIn,
    RostersOut,
    RostersQuery,
    roster_sheet,
)
from services.dispatcher.payloads.shifts import RestWarning
from services.dispatcher.problems import problem_of
from services.dispatcher.request import Request
from services.dispatcher.rows import Batch, Row, read_batch
from shared.domain.district import District
from shared.domain.errors import DomainError, FieldError, Invalid, NotFound
from shared.domain.rest import Rest
from shared.domain.roster_book import RosterRow
from shared.operations.roster_import import Answer, Entered, import_rosters, preview_rosters
from shared.store import districts

_TAKEN_AT_ONCE = 100
"""Rows in one transaction: it locks their teams, so that nobody plans for these meanwhile."""
_ROW = TypeAdapter(RosterRowIn)


@dataclass(frozen=True, slots=True)
class _Table:
    district_id: UUID
    rows: list[Row[RosterRow]]
    in_columns: bool

    @property
    def good(self) -> list[RosterRow]:
        return [row.said for row in self.rows if isinstance(row.said, RosterRow)]


async def post_rosters_import(request: Request, query: RostersQuery, body: RawBody) -> RostersOut:
    """Take rosters of weeks in, from JSON or CSV: a row is a shift of a team and who fills which slot in it.

    Good rows land whole, each bad one comes back with its row number and problem; rows may be sent again. CSV is UTF-8 with commas and
    the columns team, from, until, one a role (phone, whole name or id of a member) and break (minutes, or 11:30-13:00 30); times without
    offset are the district's.
    """
    table = await _said(request, query, body)
    answers: list[Answer] = []
    elsewhere: list[Rest] = []
    async with request.connection() as conn:
        for first in range(0, len(table.good), _TAKEN_AT_ONCE):
            chunk = table.good[first : first + _TAKEN_AT_ONCE]
            taken, rests = await import_rosters(
                conn, table.district_id, chunk, now=request.now, account_id=request.actor.account_id
            )
            answers += taken
            elsewhere += rests
            request.nudge(table.district_id)
    return _summed(list(_items(table, answers)), elsewhere)


async def post_rosters_import_preview(request: Request, query: RostersQuery, body: RawBody) -> RostersOut:
    """What sending these rosters would answer, row by row; nothing is written."""
    table = await _said(request, query, body)
    async with request.connection() as conn:
        answers, elsewhere = await preview_rosters(conn, table.district_id, table.good, now=request.now)
    return _summed(list(_items(table, answers, preview=True)), elsewhere)


async def _said(request: Request, query: RostersQuery, body: RawBody) -> _Table:
    roles: Sequence[str] = ()
    if body.media_type != JSON:
        roles = (await _district(request, await request.district(query.district))).slots
    batch = Batch("rows", outer=RostersIn, one=_ROW, sheet=roster_sheet(roles))
    said = await read_batch(request, query.district, body, batch)
    district = await _district(request, said.district_id)
    return _Table(said.district_id, [_read(row, district) for row in said.rows], in_columns=body.media_type != JSON)


def _read(row: Row[RosterRowIn], district: District) -> Row[RosterRow]:
    if not isinstance(row.said, RosterRowIn):
        return Row(row.number, row.said)
    settings = district.settings
    try:
        return Row(row.number, row.said.row(district.time_zone, settings.break_after_s, settings.break_window_s))
    except Invalid as error:
        return Row(row.number, error)


async def _district(request: Request, district_id: UUID) -> District:
    async with request.connection() as conn:
        district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound
    return district


def _items(table: _Table, answers: Iterable[Answer], *, preview: bool = False) -> Iterator[RosterItem]:
    """The answer to each row; `answers` are those to the rows that could be read."""
    left = iter(answers)
    for row in table.rows:
        answer = next(left) if isinstance(row.said, RosterRow) else row.said
        if not isinstance(answer, Entered):
            problem = problem_of(_by_column(answer) if table.in_columns else answer)
            yield RosterItem(row=row.number, status="rejected", problem=problem)
            continue
        is_new = preview and answer.shift.created_at is None
        yield RosterItem(
            row=row.number,
            status=answer.entry.value,
            shift_id=None if is_new else answer.shift.id,
            warnings=[RestWarning.of(rest) for rest in answer.rests],
        )


def _by_column(error: DomainError) -> DomainError:
    """The same error, slots named as the table's columns name them."""
    return type(error)(
        error.detail,
        errors=tuple(
            FieldError(in_=wrong.in_, loc=wrong.loc.removeprefix("members."), msg=wrong.msg) for wrong in error.errors
        ),
    )


def _summed(items: list[RosterItem], elsewhere: Sequence[Rest]) -> RostersOut:
    statuses = [item.status for item in items]
    return RostersOut(
        created=statuses.count("created"),
        changed=statuses.count("changed"),
        repeated=statuses.count("repeated"),
        rejected=statuses.count("rejected"),
        items=items,
        warnings=[RestWarning.of(rest) for rest in elsewhere],
    )
