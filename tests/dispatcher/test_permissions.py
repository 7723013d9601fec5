"""Every route, asked by everybody about their own district and about another: let in or refused as it declares.

The tests walk the route table. A new route needs a line in RECIPES, and a line in REFERENCES for each id in its body.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from services.dispatcher.app import create_app
from services.dispatcher.contract import EVENT_STREAM, PUBLIC, Route, signature_of
from services.dispatcher.routes import ROUTES
from services.standalone.postgres import EmbeddedPostgres
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token
from shared.domain.words import Permission
from shared.settings import Settings
from shared.store.connection import Connection, connect
from tests.calls import Answer, Caller, Http, make_actor, make_token
from tests.push_service import Browser
from tests.tables import everything
from tests.tenant import OUTLINE, Tenant, absent_tenant, make_tenant

Body = Callable[[Tenant], Any]
NOT_ADMIN = [permission for permission in Permission if permission is not Permission.ADMIN]


@dataclass(frozen=True)
class Recipe:
    """How to ask a route about what a tenant has: which of its things the path means, and what to send.

    `hidden`: the status with which it says that something is not there.
    """

    status: int = 200
    thing: str = ""
    body: Body | None = None
    in_query: bool = False
    more_path: Mapping[str, str] | None = None
    hidden: int = 404

    def path(self, route: Route, tenant: Tenant) -> str:
        ids = {**(self.more_path or {}), **({"id": getattr(tenant, self.thing)} if self.thing else {})}
        query = f"?district={tenant.code}" if self.in_query else ""
        return route.path.format_map(ids) + query


def draft(t: Tenant) -> dict[str, Any]:
    return {"kind": f"kind_{t.mark}", "household": {"ref": f"door-{t.mark}"}}


def contact_of(t: Tenant) -> dict[str, Any]:
    index = {"phone": "138 0000 0001", "name": t.mark}
    return {"index": index, "subject": {"phone": "138 0000 0002", "name": t.mark}, "class": "close"}


def shift_of(t: Tenant) -> dict[str, Any]:
    begins = utc_now() + timedelta(days=2)
    return {"team_id": str(t.team_id), "starts_at": begins, "ends_at": begins + timedelta(hours=8)}


def rosters_of(t: Tenant) -> dict[str, Any]:
    begins = utc_now() + timedelta(days=3)
    row = {"team": f"team-{t.mark}", "from": begins, "until": begins + timedelta(hours=8)}
    return {"rows": [{**row, "members": {"doctor": str(t.free_member_id)}}]}


def reports_of(t: Tenant) -> dict[str, Any]:
    now = utc_now()
    one = {"id": str(new_id()), "at": now, "report": "decline", "task_id": str(t.task_id), "reason": "too far"}
    return {"sent_at": now, "reports": [one]}


def feature(t: Tenant) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": f"grid-{t.mark}"}, "geometry": OUTLINE}


RECIPES: dict[str, Recipe] = {
    "POST /v1/sessions": Recipe(201, body=lambda t: {"link_token": t.link_token}),
    "GET /v1/sessions/current": Recipe(),
    "DELETE /v1/sessions/current": Recipe(204),
    "POST /v1/members/{id}/links": Recipe(201, "member_id"),
    "DELETE /v1/members/{id}/sessions": Recipe(204, "member_id"),
    "GET /v1/districts": Recipe(),
    "POST /v1/districts": Recipe(
        201, body=lambda t: {"code": f"new-{t.mark}", "name": "New", "time_zone": "Asia/Shanghai"}
    ),
    "GET /v1/districts/{id}": Recipe(thing="district_id"),
    "PATCH /v1/districts/{id}": Recipe(thing="district_id", body=lambda _: {"name": "Renamed"}),
    "GET /v1/districts/{id}/overview": Recipe(thing="district_id"),
    "GET /v1/districts/{id}/figures": Recipe(thing="district_id"),
    "GET /v1/visits": Recipe(in_query=True),
    "POST /v1/visits/{id}/review": Recipe(204, thing="visit_id"),
    "GET /v1/districts/{id}/alarm-rules": Recipe(thing="district_id"),
    "PUT /v1/districts/{id}/alarm-rules": Recipe(
        thing="district_id", body=lambda _: {"rules": [{"what": "overdue", "first_level": "lead"}]}
    ),
    "GET /v1/alarms": Recipe(in_query=True),
    "POST /v1/alarms/acknowledge": Recipe(body=lambda t: {"ids": [str(t.alarm_id)]}),
    "POST /v1/alarms/{id}/acknowledge": Recipe(thing="alarm_id"),
    "GET /v1/grids": Recipe(in_query=True),
    "PUT /v1/grids": Recipe(in_query=True, body=lambda t: {"type": "FeatureCollection", "features": [feature(t)]}),
    "GET /v1/grids/{id}": Recipe(thing="grid_id"),
    "GET /v1/kinds": Recipe(in_query=True),
    "POST /v1/kinds": Recipe(
        201,
        body=lambda t: {
            "district": t.code,
            "code": "new_kind",
            "names": {"en": "New"},
            "service_s": 60,
            "required_roles": ["doctor"],
            "due_after_s": 60,
        },
    ),
    "POST /v1/kinds/usual": Recipe(body=lambda t: {"district": t.code}),
    "GET /v1/kinds/{id}": Recipe(thing="kind_id"),
    "PATCH /v1/kinds/{id}": Recipe(thing="kind_id", body=lambda _: {"priority": 1}),
    "GET /v1/kinds/{id}/forms/{version}": Recipe(thing="kind_id", more_path={"version": "1"}),
    "GET /v1/households": Recipe(in_query=True),
    "POST /v1/households": Recipe(201, body=lambda t: {"district": t.code, "address": "Elsewhere Road 9"}),
    "GET /v1/households/{id}": Recipe(thing="household_id"),
    "PATCH /v1/households/{id}": Recipe(thing="household_id", body=lambda _: {"access_notes": "second yard"}),
    "GET /v1/subjects": Recipe(in_query=True),
    "POST /v1/subjects": Recipe(201, body=lambda t: {"district": t.code, "name": "Wang", "phone": "+8613800000000"}),
    "GET /v1/subjects/{id}": Recipe(thing="subject_id"),
    "PATCH /v1/subjects/{id}": Recipe(thing="subject_id", body=lambda _: {"name": "Li"}),
    "GET /v1/members": Recipe(in_query=True),
    "POST /v1/members": Recipe(
        201, body=lambda t: {"district": t.code, "name": "Wang", "phone": "+8613800000000", "role": "doctor"}
    ),
    "GET /v1/members/{id}": Recipe(thing="member_id"),
    "PATCH /v1/members/{id}": Recipe(thing="member_id", body=lambda _: {"duty": "break"}),
    "GET /v1/teams": Recipe(in_query=True),
    "POST /v1/teams": Recipe(201, body=lambda t: {"district": t.code, "code": "new", "name": "New"}),
    "GET /v1/teams/{id}": Recipe(thing="team_id"),
    "GET /v1/teams/{id}/route": Recipe(thing="team_id"),
    "PATCH /v1/teams/{id}": Recipe(thing="team_id", body=lambda _: {"name": "Renamed"}),
    "GET /v1/teams/{id}/members": Recipe(thing="team_id"),
    "PUT /v1/teams/{id}/members": Recipe(
        thing="team_id", body=lambda t: {"members": [{"member_id": str(t.free_member_id)}]}
    ),
    "POST /v1/teams/{id}/substitutes": Recipe(
        201,
        "team_id",
        body=lambda t: {"member_id": str(t.free_member_id), "until": utc_now() + timedelta(hours=1)},
    ),
    "GET /v1/shifts": Recipe(in_query=True),
    "POST /v1/shifts": Recipe(201, body=shift_of),
    "GET /v1/shifts/{id}": Recipe(thing="shift_id"),
    "PATCH /v1/shifts/{id}": Recipe(thing="shift_id", body=lambda _: {"ends_at": utc_now() + timedelta(hours=5)}),
    "GET /v1/shifts/{id}/handover": Recipe(thing="shift_id"),
    "GET /v1/teams/{id}/handover": Recipe(thing="team_id"),
    "DELETE /v1/shifts/{id}": Recipe(204, "shift_id"),
    "POST /v1/rosters/import": Recipe(in_query=True, body=rosters_of),
    "POST /v1/rosters/import/preview": Recipe(in_query=True, body=rosters_of),
    "POST /v1/tasks": Recipe(201, body=lambda t: {"district": t.code, **draft(t)}),
    "GET /v1/tasks": Recipe(in_query=True),
    "GET /v1/tasks/points": Recipe(in_query=True),
    "POST /v1/tasks/batch": Recipe(in_query=True, body=lambda t: {"tasks": [draft(t)]}),
    "POST /v1/contacts/batch": Recipe(in_query=True, body=lambda t: {"contacts": [contact_of(t)]}),
    "POST /v1/contacts/batch/preview": Recipe(in_query=True, body=lambda t: {"contacts": [contact_of(t)]}),
    "GET /v1/contacts": Recipe(in_query=True),
    "GET /v1/contacts/index-persons": Recipe(in_query=True),
    "POST /v1/tasks/preview": Recipe(body=lambda t: {"district": t.code, **draft(t)}),
    "POST /v1/tasks/batch/preview": Recipe(in_query=True, body=lambda t: {"tasks": [draft(t)]}),
    "POST /v1/tasks/bulk": Recipe(body=lambda t: {"action": "release", "task_ids": [str(t.task_id)]}, hidden=200),
    "GET /v1/tasks/{id}": Recipe(thing="task_id"),
    "PATCH /v1/tasks/{id}": Recipe(thing="task_id", body=lambda _: {"priority": 5}),
    "POST /v1/tasks/{id}/cancel": Recipe(thing="task_id", body=lambda _: {"reason": "moved away"}),
    "POST /v1/tasks/{id}/release": Recipe(thing="task_id"),
    "POST /v1/tasks/{id}/assign": Recipe(thing="task_id", body=lambda t: {"team": f"team-{t.mark}", "force": True}),
    "GET /v1/pick-up-points": Recipe(in_query=True),
    "POST /v1/pick-up-points": Recipe(
        201,
        body=lambda t: {
            "district": t.code,
            "name": "New",
            "lat": 31.22,
            "lon": 121.46,
            "lab_address": "Lab Road 1",
            "kinds": [f"kind_{t.mark}"],
        },
    ),
    "GET /v1/pick-up-points/{id}": Recipe(thing="pick_up_point_id"),
    "PATCH /v1/pick-up-points/{id}": Recipe(thing="pick_up_point_id", body=lambda _: {"lab_address": "Lab Road 2"}),
    "GET /v1/specimen-legs": Recipe(in_query=True),
    "GET /v1/specimen-legs/{id}": Recipe(thing="task_id"),
    "GET /v1/protocols": Recipe(in_query=True),
    "POST /v1/protocols": Recipe(
        201,
        body=lambda t: {
            "district": t.code,
            "code": "new_protocol",
            "names": {"en": "New"},
            "days": 7,
            "lines": [{"kind": f"kind_{t.mark}", "times": ["08:00"]}],
        },
    ),
    "POST /v1/protocols/usual": Recipe(body=lambda t: {"district": t.code}),
    "GET /v1/protocols/{id}": Recipe(thing="protocol_id"),
    "PATCH /v1/protocols/{id}": Recipe(thing="protocol_id", body=lambda _: {"days": 3}),
    "GET /v1/follow-ups": Recipe(in_query=True),
    "POST /v1/follow-ups": Recipe(
        201,
        body=lambda t: {
            "district": t.code,
            "subject": {"name": "Wang", "phone": "+8613800000000"},
            "protocol": f"protocol_{t.mark}",
        },
    ),
    "GET /v1/follow-ups/{id}": Recipe(thing="follow_up_id"),
    "PATCH /v1/follow-ups/{id}": Recipe(thing="follow_up_id", body=lambda _: {"lost_after_days": 3}),
    "POST /v1/follow-ups/{id}/end": Recipe(thing="follow_up_id", body=lambda _: {"status": "cancelled"}),
    "POST /v1/follow-ups/{id}/convert": Recipe(
        201, "follow_up_id", body=lambda t: {"protocol": f"protocol_{t.mark}", "reason": "fever"}
    ),
    "GET /v1/districts/{id}/ledger": Recipe(thing="district_id"),
    "GET /v1/accounts": Recipe(),
    "POST /v1/accounts": Recipe(
        201, body=lambda t: {"name": f"new-{t.mark}", "permission": "auditor", "districts": [t.code]}
    ),
    "GET /v1/accounts/{id}": Recipe(thing="account_id"),
    "PATCH /v1/accounts/{id}": Recipe(thing="account_id", body=lambda _: {"active": False}),
    "GET /v1/accounts/{id}/tokens": Recipe(thing="account_id"),
    "POST /v1/accounts/{id}/tokens": Recipe(201, "account_id", body=lambda _: {"label": "new"}),
    "DELETE /v1/tokens/{id}": Recipe(204, "token_id"),
    "GET /v1/me": Recipe(),
    "GET /v1/me/route": Recipe(),
    "POST /v1/me/reports": Recipe(body=reports_of, hidden=200),
    "GET /v1/me/events": Recipe(),
    "GET /v1/me/push": Recipe(),
    "PUT /v1/me/push": Recipe(body=lambda _: Browser(endpoint=f"https://fcm.googleapis.com/{new_id()}").body),
    "DELETE /v1/me/push": Recipe(204),
    "GET /v1/events": Recipe(in_query=True),
    "GET /v1/audit": Recipe(in_query=True),
    "GET /healthz": Recipe(),
    "GET /readyz": Recipe(),
    "GET /metrics": Recipe(),
    "GET /openapi.json": Recipe(),
    "GET /": Recipe(302),
    "GET /phone": Recipe(),
    "GET /phone/{name}": Recipe(more_path={"name": "sw.js"}),
    "GET /phone/assets/{name}": Recipe(404, more_path={"name": "absent.js"}),
    "GET /console": Recipe(),
    "GET /console/{name}": Recipe(more_path={"name": "icon.svg"}),
    "GET /console/assets/{name}": Recipe(404, more_path={"name": "absent.js"}),
    "GET /v1/map": Recipe(),
    "GET /docs": Recipe(),
    "GET /docs/{name}": Recipe(more_path={"name": "docs.js"}),
}

# Route and field → a body, good for the first tenant but for an id that is the second one's.
REFERENCES: dict[tuple[str, str], Callable[[Tenant, Tenant], Any]] = {
    ("POST /v1/subjects", "household_id"): lambda _, other: {"ref": "r", "household_id": str(other.household_id)},
    ("PATCH /v1/subjects/{id}", "household_id"): lambda _, other: {"household_id": str(other.household_id)},
    ("POST /v1/teams", "member_id"): lambda _, other: {
        "code": "new",
        "name": "New",
        "members": [{"member_id": str(other.free_member_id), "role": "doctor"}],
    },
    ("POST /v1/teams", "home_grid"): lambda _, other: {"code": "new", "name": "New", "home_grid": str(other.grid_id)},
    ("PATCH /v1/teams/{id}", "home_grid"): lambda _, other: {"home_grid": f"grid-{other.mark}"},
    ("PUT /v1/teams/{id}/members", "member_id"): lambda _, other: {
        "members": [{"member_id": str(other.free_member_id), "role": "doctor"}]
    },
    ("POST /v1/teams/{id}/substitutes", "member_id"): lambda _, other: {
        "member_id": str(other.free_member_id),
        "role": "doctor",
        "until": utc_now() + timedelta(hours=1),
    },
    ("POST /v1/alarms/acknowledge", "ids"): lambda own, other: {"ids": [str(own.alarm_id), str(other.alarm_id)]},
    ("POST /v1/shifts", "team_id"): lambda own, other: [shift_of(own), shift_of(other)],
    ("POST /v1/tasks", "household.id"): lambda own, other: {
        "kind": f"kind_{own.mark}",
        "household": {"id": str(other.household_id)},
    },
    ("POST /v1/tasks", "subject.id"): lambda own, other: {**draft(own), "subject": {"id": str(other.subject_id)}},
    ("POST /v1/tasks/batch", "household.id"): lambda own, other: {
        "tasks": [{"kind": f"kind_{own.mark}", "household": {"id": str(other.household_id)}}]
    },
    ("POST /v1/tasks/batch", "subject.id"): lambda own, other: {
        "tasks": [{**draft(own), "subject": {"id": str(other.subject_id)}}]
    },
    **{
        (f"POST /v1/contacts/batch{preview}", f"{thing}.id"): lambda own, other, thing=thing: {
            "contacts": [
                {**contact_of(own), thing: {"id": str(getattr(other, f"{thing.replace('index', 'subject')}_id"))}}
            ]
        }
        for preview in ("", "/preview")
        for thing in ("index", "subject", "household")
    },
    ("POST /v1/tasks/preview", "household.id"): lambda own, other: {
        "kind": f"kind_{own.mark}",
        "household": {"id": str(other.household_id)},
    },
    ("POST /v1/tasks/preview", "subject.id"): lambda own, other: {
        **draft(own),
        "subject": {"id": str(other.subject_id)},
    },
    ("POST /v1/tasks/batch/preview", "household.id"): lambda own, other: {
        "tasks": [{"kind": f"kind_{own.mark}", "household": {"id": str(other.household_id)}}]
    },
    ("POST /v1/tasks/batch/preview", "subject.id"): lambda own, other: {
        "tasks": [{**draft(own), "subject": {"id": str(other.subject_id)}}]
    },
    ("POST /v1/follow-ups", "household.id"): lambda own, other: {
        "subject": {"phone": "+8613800000000"},
        "household": {"id": str(other.household_id)},
        "protocol": f"protocol_{own.mark}",
    },
    ("POST /v1/follow-ups", "subject.id"): lambda own, other: {
        "subject": {"id": str(other.subject_id)},
        "protocol": f"protocol_{own.mark}",
    },
    ("PATCH /v1/tasks/{id}", "household.id"): lambda _, other: {"household": {"id": str(other.household_id)}},
    ("POST /v1/tasks/{id}/assign", "team"): lambda _, other: {"team": str(other.team_id), "preview": True},
    ("POST /v1/tasks/bulk", "team"): lambda own, other: {
        "action": "assign",
        "task_ids": [str(own.task_id)],
        "team": str(other.team_id),
    },
    ("POST /v1/tasks/bulk", "task_ids"): lambda own, other: {
        "action": "cancel",
        "reason": "none",
        "task_ids": [str(own.task_id), str(other.task_id)],
    },
    ("POST /v1/me/reports", "task_id"): lambda _, other: reports_of(other),
    ("POST /v1/me/reports", "task_ids"): lambda _, other: {
        "sent_at": utc_now(),
        "reports": [
            {"id": str(new_id()), "at": utc_now(), "report": "accept", "task_ids": [str(other.task_id)]},
        ],
    },
    ("POST /v1/me/reports", "alarm_id"): lambda _, other: {
        "sent_at": utc_now(),
        "reports": [
            {"id": str(new_id()), "at": utc_now(), "report": "acknowledge", "alarm_id": str(other.alarm_id)},
        ],
    },
    **{
        (f"POST /v1/rosters/import{preview}", "members"): lambda own, other: {
            "rows": [{**row, "members": {"doctor": str(other.free_member_id)}} for row in rosters_of(own)["rows"]]
        }
        for preview in ("", "/preview")
    },
    ("POST /v1/follow-ups/{id}/convert", "protocol"): lambda _, other: {"protocol": f"protocol_{other.mark}"},
    ("PATCH /v1/kinds/{id}", "then_follow_up"): lambda _, other: {
        "then_follow_up": {"fever": {"convert_to": f"protocol_{other.mark}"}}
    },
    ("POST /v1/me/reports", "member_id"): lambda own, other: {
        **reports_of(own),
        "member_id": str(other.member_id),
    },
    ("POST /v1/me/reports", "visit_id"): lambda _, other: {
        "sent_at": utc_now(),
        "reports": [
            {
                "id": str(new_id()),
                "at": utc_now(),
                "report": "correct",
                "visit_id": str(other.task_id),
                "visit": {"outcome": "unavailable", "form_version": 1},
            }
        ],
    },
}
# Names of fields that mean a thing by its id or code; `id` alone is what the client calls the new thing itself.
NAMES_A_THING = {"home_grid", "team", "ids"}


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def streams(route: Route) -> bool:
    return route.produces == EVENT_STREAM


def allowed(route: Route, permission: Permission) -> bool:
    return route.allow is None or permission in route.allow


PROTECTED = [route for route in ROUTES if route.allow is not PUBLIC]
ABOUT_ONE = [route for route in ROUTES if "{id}" in route.path]
WITH_DISTRICT = [
    route
    for route in ROUTES
    if any("district" in model.model_fields for model in (signature_of(route.handler).query,) if model is not None)
]
LISTS = [route for route in WITH_DISTRICT if route.method == "GET" and not streams(route)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """One database for all these tests; each makes districts of its own in it."""
    postgres.run_client("createdb", "-T", template, "permissions")
    yield postgres.url("permissions")
    postgres.run_client("dropdb", "--force", "permissions")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http(database: str) -> AsyncIterator[Http]:
    settings = Settings(
        postgres_url=SecretStr(database),
        redis_url=SecretStr("redis://127.0.0.1:1/0"),
        requests_per_minute=1_000_000,
        stream_poll_s=0.01,
        drain_s=1,
    )
    async with TestClient(TestServer(create_app(settings))) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def conn(database: str) -> AsyncIterator[Connection]:
    async with connect(database, application_name="test") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def own(conn: Connection) -> Tenant:
    return await make_tenant(conn)


@pytest_asyncio.fixture(loop_scope="module")
async def other(conn: Connection) -> Tenant:
    return await make_tenant(conn)


async def caller_of(http: Http, conn: Connection, permission: Permission, tenant: Tenant) -> Caller:
    """Somebody of that permission in the tenant's district; a member is the one on its team."""
    if permission is Permission.MEMBER:
        return Caller(http, await make_token(conn, member_id=tenant.member_id))
    return Caller(http, await make_actor(conn, permission, (tenant.district_id,)))


async def ask(caller: Caller, route: Route, path: str, body: Any, *, accept: str = "*/*") -> Answer:
    """The answer; of a stream, its beginning."""
    if not streams(route):
        return await caller.send(route.method, path, body, headers={"Accept": accept})
    headers = {"Authorization": f"Bearer {caller.token}"} if caller.token else {}
    async with caller.http.get(path, headers={**headers, "Last-Event-ID": "0-0"}) as response:
        content = b""
        if response.status == 200:
            async with asyncio.timeout(10):
                while b"data:" not in content:
                    content += await response.content.readany()
        else:
            content = await response.read()
        return Answer(status=response.status, headers=response.headers, content=content)


async def ask_about(caller: Caller, route: Route, tenant: Tenant) -> Answer:
    recipe = RECIPES[name_of(route)]
    return await ask(caller, route, recipe.path(route, tenant), recipe.body and recipe.body(tenant))


def said(answer: Answer, *tenants: Tenant) -> tuple[int, str, Any]:
    """Status, type and body of an answer, with what names a tenant or is fresh each time left out."""
    text = answer.content.decode()
    for tenant in tenants:
        for field in (*sorted(tenant.ids), tenant.mark):
            text = text.replace(field, "…")
    return answer.status, answer.headers["Content-Type"], _without_fresh(orjson.loads(text))


def _without_fresh(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_fresh(item) for item in value]
    if not isinstance(value, dict):
        return value
    fresh = {"request_id"} | ({"id"} if "problem" in value else set())
    return {name: _without_fresh(item) for name, item in value.items() if name not in fresh}


def test_every_route_has_its_recipe_and_every_recipe_its_route() -> None:
    routes = {name_of(route) for route in ROUTES}
    assert not routes - set(RECIPES), "say in RECIPES how these routes are asked"
    assert not set(RECIPES) - routes, "these routes are gone: take them out of RECIPES"


def test_every_route_about_one_thing_says_which() -> None:
    assert [name_of(route) for route in ABOUT_ONE if not RECIPES[name_of(route)].thing] == []
    assert [name_of(route) for route in WITH_DISTRICT if not RECIPES[name_of(route)].in_query] == []


def test_every_id_in_a_body_is_tried_with_a_foreign_one() -> None:
    found = {(name_of(route), field) for route in ROUTES for field in _references(route)}
    found.remove(("PUT /v1/districts/{id}/alarm-rules", "team"))  # a level, not a team
    tried = {(name, field.replace(".", "_")) for name, field in REFERENCES}
    beside = {  # each task is read for itself
        (f"POST /v1/tasks/batch{preview}", field)
        for preview in ("", "/preview")
        for field in ("household_id", "subject_id")
    }
    beside |= {
        (f"POST /v1/contacts/batch{preview}", f"{thing}_id")
        for preview in ("", "/preview")
        for thing in ("index", "subject", "household")
    }
    beside |= {(f"POST /v1/rosters/import{preview}", "members") for preview in ("", "/preview")}
    reported = {("POST /v1/me/reports", field) for field in ("task_id", "task_ids", "visit_id", "alarm_id")}
    by_code = {("POST /v1/follow-ups/{id}/convert", "protocol"), ("PATCH /v1/kinds/{id}", "then_follow_up")}
    mentioned = {
        ("PATCH /v1/tasks/{id}", "household_id"),
        *(("POST /v1/follow-ups", field) for field in ("household_id", "subject_id")),
        *((f"POST /v1/tasks{preview}", f) for preview in ("", "/preview") for f in ("household_id", "subject_id")),
    }
    assert tried == found | beside | reported | by_code | mentioned, (
        "say in REFERENCES how these fields are given a foreign id"
    )


def _references(route: Route) -> Iterator[str]:
    body = signature_of(route.handler).body
    if body is not None and route.allow is not PUBLIC:
        yield from _named_things(body.json_schema())


def _named_things(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _named_things(item)
    elif isinstance(schema, dict):
        for name in schema.get("properties", {}):
            if name in NAMES_A_THING or (name.endswith(("_id", "_ids")) and not name.startswith("request")):
                yield name
        for value in schema.values():
            yield from _named_things(value)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("route", ROUTES, ids=name_of)
async def test_everybody_is_let_in_or_refused_as_the_route_declares(
    route: Route, http: Http, conn: Connection, own: Tenant
) -> None:
    recipe = RECIPES[name_of(route)]
    refused = [permission for permission in Permission if not allowed(route, permission)]
    before = None
    for permission in refused:
        asker = await caller_of(http, conn, permission, own)
        before = await everything(conn)
        answer = await ask_about(asker, route, own)
        assert (answer.status, answer.json["code"]) == (403, "not_allowed"), permission
        assert await everything(conn) == before, f"{permission} changed something"
    for permission in Permission:
        if permission not in refused:
            tenant = await make_tenant(conn)
            answer = await ask_about(await caller_of(http, conn, permission, tenant), route, tenant)
            assert answer.status == recipe.status, f"{permission}: {answer.content.decode()[:500]}"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("route", PROTECTED, ids=name_of)
async def test_nobody_is_let_in_without_a_token_that_counts(
    route: Route, http: Http, conn: Connection, own: Tenant
) -> None:
    permission = next(iter(sorted(route.allow or ())))
    tenants = {"revoked": own, "expired": own, "inactive": await make_tenant(conn)}
    tokens = {why: (await caller_of(http, conn, permission, tenant)).token for why, tenant in tenants.items()}
    hashes = {why: hash_token(token or "") for why, token in tokens.items()}
    await conn.execute("UPDATE tokens SET revoked_at = now() WHERE hash = $1", hashes["revoked"])
    await conn.execute("UPDATE tokens SET expires_at = now() - interval '1 s' WHERE hash = $1", hashes["expired"])
    await conn.execute(
        """
        WITH token AS (SELECT * FROM tokens WHERE hash = $1),
             accounts AS (UPDATE accounts SET active = false WHERE id IN (SELECT account_id FROM token))
        UPDATE members SET active = false WHERE id IN (SELECT member_id FROM token)
        """,
        hashes["inactive"],
    )
    before = await everything(conn)
    for token in (None, *tokens.values(), own.link_token, "no-such-token"):
        answer = await ask_about(Caller(http, token), route, own)
        assert (answer.status, answer.json["code"]) == (401, "not_logged_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert await everything(conn) == before


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r in ABOUT_ONE or RECIPES[name_of(r)].hidden == 200], ids=name_of
)
async def test_what_is_another_districts_answers_as_if_it_were_absent(
    route: Route, http: Http, conn: Connection, own: Tenant, other: Tenant
) -> None:
    recipe = RECIPES[name_of(route)]
    for permission in NOT_ADMIN:
        if not allowed(route, permission):
            continue
        asker, absent = await caller_of(http, conn, permission, own), absent_tenant()
        about = own if recipe.thing else None
        before = await everything(conn)
        answers = [
            await ask(asker, route, recipe.path(route, tenant), recipe.body and recipe.body(about or tenant))
            for tenant in (other, absent)
        ]
        assert answers[0].status == recipe.hidden, f"{permission}: {answers[0].content.decode()[:500]}"
        assert said(answers[0], other, absent) == said(answers[1], other, absent)
        after = await everything(conn)
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {"reports"}, "what phones say is kept, whatever comes of it"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r in WITH_DISTRICT or (r.method == "POST" and "{id}" not in r.path)], ids=name_of
)
async def test_another_district_answers_as_if_there_were_none(
    route: Route, http: Http, conn: Connection, own: Tenant, other: Tenant
) -> None:
    recipe = RECIPES[name_of(route)]
    body = recipe.body(own) if recipe.body else None
    says_district = isinstance(body, dict) and "district" in body
    if not (says_district or recipe.in_query):
        return
    for permission in NOT_ADMIN:
        if not allowed(route, permission):
            continue
        asker, absent = await caller_of(http, conn, permission, own), absent_tenant()
        before = await everything(conn)
        answers = []
        for district in (other.code, str(other.district_id), absent.code, str(absent.district_id)):
            path = f"{route.path}?district={district}" if recipe.in_query else route.path
            answers.append(
                await ask(asker, route, path, {**(body or {}), "district": district} if says_district else body)
            )
        assert {answer.status for answer in answers} == {404}, permission
        assert len({orjson.dumps(said(answer, other, absent)) for answer in answers}) == 1
        assert await everything(conn) == before


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("name", "field"), REFERENCES, ids=lambda value: value)
async def test_an_id_of_another_district_in_a_body_is_as_good_as_none(
    name: str, field: str, http: Http, conn: Connection, own: Tenant, other: Tenant
) -> None:
    route = next(route for route in ROUTES if name_of(route) == name)
    permission = Permission.MEMBER if "/me/" in route.path else Permission.COORDINATOR
    asker, absent = await caller_of(http, conn, permission, own), absent_tenant()
    path = RECIPES[name].path(route, own)
    answers = [await ask(asker, route, path, REFERENCES[name, field](own, tenant)) for tenant in (other, absent)]
    assert said(answers[0], other, absent) == said(answers[1], other, absent)
    assert b"problem" in answers[0].content or answers[0].status in (403, 404, 422), answers[0].content


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("permission", NOT_ADMIN)
async def test_no_answer_shows_anything_of_another_district(
    permission: Permission, http: Http, conn: Connection, own: Tenant, other: Tenant
) -> None:
    for route in ROUTES:
        if route.method != "GET" or not allowed(route, permission):
            continue
        asker = await caller_of(http, conn, permission, own)
        recipe = RECIPES[name_of(route)]
        unfiltered = recipe.path(route, own).partition("?")[0]
        for path in {recipe.path(route, own), unfiltered}:
            for wanted in {"application/json", route.produces}:
                shown = (await ask(asker, route, path, None, accept=wanted)).content.decode()
                assert [trace for trace in other.traces if trace in shown] == [], path


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("route", LISTS, ids=name_of)
async def test_a_list_shows_ones_own_and_an_admin_every_district(
    route: Route, http: Http, conn: Connection, own: Tenant, other: Tenant
) -> None:
    for permission in route.allow or ():
        asker = await caller_of(http, conn, permission, own)
        if permission is Permission.ADMIN:
            shown = await asker.send("GET", f"{route.path}?district={other.code}", expect=200)
            assert str(other.district_id) in shown.content.decode()
        else:
            assert str(own.district_id) in (await asker.send("GET", route.path, expect=200)).content.decode()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("route", LISTS, ids=name_of)
async def test_a_filter_by_a_foreign_id_finds_nothing(
    route: Route, http: Http, conn: Connection, own: Tenant, other: Tenant
) -> None:
    query = signature_of(route.handler).query
    assert query is not None
    permission = next(p for p in (Permission.COORDINATOR, Permission.AUDITOR) if allowed(route, p))
    asker = await caller_of(http, conn, permission, own)
    for name in query.model_fields:
        if name.endswith("_id"):
            assert (await asker.get(f"{route.path}?{name}={getattr(other, name)}"))["items"] == []
            found = (await asker.get(f"{route.path}?{name}={getattr(own, name)}"))["items"]
            assert found or (route.path, name) == ("/v1/tasks", "team_id"), name  # its one task waits for a team


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("route", [route for route in PROTECTED if RECIPES[name_of(route)].status != 201], ids=name_of)
async def test_whoever_is_shown_personal_data_is_booked(route: Route, http: Http, conn: Connection) -> None:
    """Whoever makes something (201) knows what they said. Members' names are personal where their phones stand beside them."""
    told = ["Address", "Notes", "Subject", "Instructions", *(["Doctor"] if "/members" in route.path else [])]
    for permission in route.allow or ():
        tenant = await make_tenant(conn)
        await conn.execute("DELETE FROM audit WHERE district_id = $1", tenant.district_id)
        shown = (await ask_about(await caller_of(http, conn, permission, tenant), route, tenant)).content.decode()
        booked = await conn.fetch("SELECT * FROM audit WHERE district_id = $1", tenant.district_id)
        if any(f"{what} {tenant.mark}" in shown for what in told):
            assert booked, f"a {permission} read this and nobody will know"
        for row in booked:
            assert (row["account_id"] is None) != (row["member_id"] is None)
            assert row["action"] == name_of(route)
            assert row["target"] == "" or str(UUID(row["target"])) == row["target"]
