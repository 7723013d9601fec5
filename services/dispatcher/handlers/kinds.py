"""Kinds of tasks and their result forms."""

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.kinds import (
    FormOut,
    FormPath,
    KindItem,
    KindOut,
    KindPatch,
    KindQuery,
    NewKind,
    UsualIn,
    UsualKindsOut,
)
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.kind import Kind
from shared.operations import kinds as operations
from shared.store import kinds
from shared.store.connection import Connection


async def get_kinds(request: Request, query: KindQuery) -> Page[KindItem]:
    """The kinds of the districts that the caller may use, without their forms."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await kinds.select_kinds(
            conn, among, q=query.q, active=query.active, after=query.after_id(), limit=query.fetch
        )
    return page_of(found, query, KindItem.of, key=lambda kind: (kind.id,))


async def get_kind(request: Request, path: IdPath) -> KindOut:
    """One kind with its form."""
    async with request.connection() as conn:
        return await _with_form(conn, await _own_kind(request, conn, path))


async def get_kind_form(request: Request, path: FormPath) -> FormOut:
    """One version of a kind's form, also after it was replaced."""
    async with request.connection() as conn:
        await _own_kind(request, conn, path)
        form = await kinds.select_form(conn, path.id, path.version)
    if form is None:
        raise NotFound
    return FormOut(kind_id=path.id, version=path.version, form=form)


async def post_kind(request: Request, body: NewKind) -> Created[KindOut]:
    """Make a kind."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.create_kind(
            conn, body.kind(district_id), body.form, now=request.now, account_id=request.actor.account_id
        )
        answer = await _with_form(conn, made)
    return Created(answer, location=f"/v1/kinds/{made.id}")


async def post_kinds_usual(request: Request, body: UsualIn) -> UsualKindsOut:
    """Make the usual kinds that the district does not have by their codes. What it has stays as it is. Repeatable."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.make_usual_kinds(
            conn, district_id, now=request.now, account_id=request.actor.account_id
        )
    return UsualKindsOut(made=[KindItem.of(kind) for kind in made])


async def patch_kind(request: Request, path: IdPath, body: KindPatch) -> KindOut:
    """Change a kind for the tasks made from now on. A new form becomes the next version; the old ones stay readable."""
    async with request.transaction() as conn:
        await _own_kind(request, conn, path)
        made = await operations.change_kind(
            conn, path.id, body.changes(), body.form, now=request.now, account_id=request.actor.account_id
        )
        return await _with_form(conn, made)


async def _own_kind(request: Request, conn: Connection, path: IdPath | FormPath) -> Kind:
    kind = await kinds.select_kind(conn, path.id)
    if kind is None:
        raise NotFound
    request.check_district(kind.district_id)
    return kind


async def _with_form(conn: Connection, kind: Kind) -> KindOut:
    form = await kinds.select_form(conn, kind.id, kind.form_version)
    return KindOut.with_form(kind, form or {}, await kinds.select_form_versions(conn, kind.id))
