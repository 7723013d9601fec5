"""Who asks, and the route on a member's phone."""

import hashlib

from services.dispatcher.payloads.me import DistrictRef, Me, PhoneRouteOut, member_now
from services.dispatcher.request import Request
from shared.domain.words import Permission
from shared.operations.phone_route import load_phone_route, load_self
from shared.store import accounts


async def get_me(request: Request) -> Me:
    """The account or member behind the token; of a member also the team and shift now."""
    actor = request.actor
    async with request.connection() as conn:
        districts = await accounts.select_district_codes(conn) if actor.reaches_everything else dict(actor.districts)
        is_member = actor.permission is Permission.MEMBER
        account = None if is_member else await accounts.select_account(conn, actor.id)
        member = member_now(await load_self(conn, actor.id, request.now), request.now) if is_member else None
    return Me(
        id=actor.id,
        name=actor.name,
        permission=actor.permission,
        districts=[DistrictRef(id=district_id, code=code) for district_id, code in sorted(districts.items())],
        leads=account is not None and account["leads"],
        member=member,
    )


async def get_my_route(request: Request) -> PhoneRouteOut:
    """My team's stops in order, as far as my role may see, and what I recorded today. `If-None-Match` with the last ETag: 304."""
    async with request.connection() as conn:
        route = PhoneRouteOut.of(await load_phone_route(conn, request.actor.id, request.now))
    digest = hashlib.sha256(route.model_dump_json().encode()).hexdigest()
    request.check_etag(f"{route.version}-{digest[:20]}")
    request.audit(route.team_id or "", next(iter(request.actor.districts)))
    return route
