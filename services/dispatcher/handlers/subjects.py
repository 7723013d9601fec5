"""Subjects: the people that tasks are about."""

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.subjects import NewSubject, SubjectOut, SubjectPatch, SubjectQuery
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.household import Subject
from shared.operations import subjects as operations
from shared.store import subjects
from shared.store.connection import Connection


async def get_subjects(request: Request, query: SubjectQuery) -> Page[SubjectOut]:
    """Subjects, by part of the name or phone, ref or household."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await subjects.select_subjects(
            conn,
            among,
            q=query.q,
            ref=query.ref,
            household_id=query.household_id,
            after=query.after_id(),
            limit=query.fetch,
        )
    return page_of(found, query, SubjectOut.of, key=lambda subject: (subject.id,))


async def get_subject(request: Request, path: IdPath) -> SubjectOut:
    """One subject."""
    async with request.connection() as conn:
        return SubjectOut.of(await _own_subject(request, conn, path))


async def post_subject(request: Request, body: NewSubject) -> Created[SubjectOut]:
    """Make a subject."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.create_subject(
            conn, body.subject(district_id), now=request.now, account_id=request.actor.account_id
        )
    return Created(SubjectOut.of(made), location=f"/v1/subjects/{made.id}")


async def patch_subject(request: Request, path: IdPath, body: SubjectPatch) -> SubjectOut:
    """Change a subject."""
    changes = body.given()
    if "phone" in changes:
        changes["phone"] = body.phone or ""
    async with request.transaction() as conn:
        await _own_subject(request, conn, path)
        made = await operations.change_subject(
            conn, path.id, changes, now=request.now, account_id=request.actor.account_id
        )
    return SubjectOut.of(made)


async def _own_subject(request: Request, conn: Connection, path: IdPath) -> Subject:
    subject = await subjects.select_subject(conn, path.id)
    if subject is None:
        raise NotFound
    request.check_district(subject.district_id)
    return subject
