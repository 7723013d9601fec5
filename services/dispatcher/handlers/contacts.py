"""Contacts: taken in by JSON or CSV, or only tried; listed with what became of asking them."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from pydantic import TypeAdapter

from services.dispatcher.answers import Page
from services.dispatcher.contract import JSON, RawBody
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.contacts import (
    CONTACTS,
    ContactIn,
    ContactItem,
    ContactOut,
    ContactQuery,
    ContactsIn,
    ContactsOut,
    ContactsQuery,
    ContactWarned,
    IndexPersonOut,
    IndexPersonQuery,
)
from services.dispatcher.payloads.tasks import SubjectMention
from services.dispatcher.problems import problem_of
from services.dispatcher.request import Request
from services.dispatcher.rows import TAKEN_AT_ONCE, Batch, Row, read_batch
from shared.domain.contact import ContactDraft
from shared.domain.errors import DomainError, Invalid
from shared.operations.contacts import Answer, Became, Imported, import_contacts, try_out
from shared.store import contacts
from shared.store.contacts import ContactFilter

_CONTACTS = Batch("contacts", outer=ContactsIn, one=TypeAdapter(ContactIn), sheet=CONTACTS)


async def post_contacts_batch(request: Request, query: ContactsQuery, body: RawBody) -> ContactsOut:
    """Take contacts in, from JSON or CSV, find or make the people, and have each of them asked. Sent again it says nothing new.

    A person is known by ref or phone (also among the rows of the file). What is said of a known person fills gaps; what differs is
    kept beside what is known, and told. CSV is UTF-8 with commas and the header of the column names; days are the district's.
    """
    district_id, rows = await _said(request, query, body)
    drafts = _drafts(rows)
    answers: list[Answer] = []
    async with request.connection() as conn:
        for first in range(0, len(drafts), TAKEN_AT_ONCE):
            answers += await import_contacts(
                conn,
                district_id,
                drafts[first : first + TAKEN_AT_ONCE],
                call_kind=query.call_kind,
                now=request.now,
                account_id=request.actor.account_id,
            )
            request.nudge(district_id)
    return _summed(list(_items(rows, _named(answers, body), preview=False)))


async def post_contacts_batch_preview(request: Request, query: ContactsQuery, body: RawBody) -> ContactsOut:
    """What sending that would answer, row by row; nothing is written."""
    district_id, rows = await _said(request, query, body)
    drafts = _drafts(rows)
    chunks = [drafts[first : first + TAKEN_AT_ONCE] for first in range(0, len(drafts), TAKEN_AT_ONCE)]
    async with request.connection() as conn:
        answers = await try_out(conn, district_id, chunks, call_kind=query.call_kind, now=request.now)
    return _summed(list(_items(rows, _named(answers, body), preview=True)))


async def get_contacts(request: Request, query: ContactQuery) -> Page[ContactOut]:
    """Contacts, of an index person or by whom they are, each with what became of asking them."""
    among = await request.scope(query.district)
    wanted = ContactFilter(
        districts=among,
        index_id=query.index_id,
        subject_id=query.subject_id,
        contact_class=query.contact_class,
        reached=query.reached,
        q=query.q,
    )
    async with request.connection() as conn:
        found = await contacts.select_contacts(conn, wanted, after=query.after_id(), limit=query.fetch)
    return page_of(found, query, ContactOut.of, key=lambda row: (row["id"],))


async def get_index_persons(request: Request, query: IndexPersonQuery) -> Page[IndexPersonOut]:
    """People to whom others were exposed, with how many of those were reached."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await contacts.select_index_persons(conn, among, q=query.q, after=query.after_id(), limit=query.fetch)
    return page_of(found, query, IndexPersonOut.of, key=lambda row: (row["id"],))


async def _said(request: Request, query: ContactsQuery, body: RawBody) -> tuple[UUID, list[Row[ContactDraft]]]:
    """The district that is meant and the rows, each read for itself."""
    said = await read_batch(request, query.district, body, _CONTACTS)
    of_all = said.outer.index if said.outer else None
    if of_all is None and query.index_id is not None:
        of_all = SubjectMention(id=query.index_id)
    return said.district_id, [Row(row.number, _draft(row.said, of_all)) for row in said.rows]


def _draft(said: ContactIn | DomainError, index: SubjectMention | None) -> ContactDraft | DomainError:
    if isinstance(said, DomainError):
        return said
    try:
        return said.draft(index)
    except Invalid as error:
        return error


def _named(answers: Iterable[Answer], body: RawBody) -> Iterator[Answer]:
    """The same answers; of a table, bad fields are named by their columns."""
    for answer in answers:
        yield CONTACTS.in_columns(answer) if isinstance(answer, Invalid) and body.media_type != JSON else answer


def _drafts(rows: Iterable[Row[ContactDraft]]) -> list[ContactDraft]:
    return [row.said for row in rows if isinstance(row.said, ContactDraft)]


def _items(rows: Sequence[Row[ContactDraft]], answers: Iterable[Answer], *, preview: bool) -> Iterator[ContactItem]:
    """The answer to each row, naming the earlier rows that brought the same people; `answers` are those to the drafts among them.

    In a preview the ids that were made up are left out.
    """
    left = iter(answers)
    rows_of: dict[UUID, int] = {}
    made_up: set[UUID] = set()
    for row in rows:
        answer = next(left) if isinstance(row.said, ContactDraft) else row.said
        if isinstance(answer, DomainError):
            yield ContactItem(row=row.number, status="rejected", problem=problem_of(answer))
            continue
        if preview:
            made_up |= {answer.contact_id} if answer.status is Became.CREATED else set()
            made_up |= {answer.subject_id} if not answer.known else set()
            made_up |= {answer.index_id} if not answer.index_known else set()
        yield _item(row.number, answer, rows_of, made_up, preview=preview)
        if not answer.known:
            rows_of[answer.subject_id] = row.number
        if not answer.index_known:
            rows_of[answer.index_id] = row.number


def _item(
    number: int, answer: Imported, rows_of: Mapping[UUID, int], made_up: Container[UUID], *, preview: bool
) -> ContactItem:
    def real(named: UUID | None) -> UUID | None:
        return None if named in made_up else named

    return ContactItem(
        row=number,
        status=answer.status,
        id=real(answer.contact_id),
        index_id=real(answer.index_id),
        subject_id=real(answer.subject_id),
        known=answer.known,
        known_from_row=rows_of.get(answer.subject_id),
        task_id=None if preview else answer.task_id,
        asked=answer.task_id is not None,
        warnings=[
            ContactWarned(
                code=one.code,
                fields=list(one.fields),
                subject_id=real(one.subject_id),
                row=rows_of.get(one.subject_id) if one.subject_id else None,
            )
            for one in answer.warnings
        ],
    )


def _summed(items: list[ContactItem]) -> ContactsOut:
    statuses = [item.status for item in items]
    return ContactsOut(
        created=statuses.count(Became.CREATED),
        merged=statuses.count(Became.MERGED),
        repeated=statuses.count(Became.REPEATED),
        rejected=statuses.count("rejected"),
        people=sum(item.status != "rejected" and not item.known for item in items),
        items=items,
    )
