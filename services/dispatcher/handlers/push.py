"""Waking a member's phone by Web Push: where it is reached, and with which key."""

from services.dispatcher.answers import NoContent
from services.dispatcher.payloads.push import NewPushSubscription, PushOut
from services.dispatcher.request import Request
from shared.operations import push
from shared.operations.push_keys import load_push_key
from shared.store import push_subscriptions


async def get_my_push(request: Request) -> PushOut:
    """The key to subscribe with, and whether this session's phone is woken."""
    return await _as_it_is(request)


async def put_my_push(request: Request, body: NewPushSubscription) -> PushOut:
    """Wake this phone for urgent tasks as long as this session lasts. Whoever was logged in on it before is not told there any more."""
    async with request.transaction() as conn:
        await push.subscribe(
            conn,
            request.actor.token_id,
            endpoint=body.endpoint,
            p256dh=body.p256dh,
            auth=body.auth,
            allowed_hosts=request.settings.push_hosts,
            now=request.now,
        )
    return await _as_it_is(request)


async def delete_my_push(request: Request) -> NoContent:
    """Wake this phone no more."""
    async with request.transaction() as conn:
        await push_subscriptions.delete_subscription(conn, request.actor.token_id)
    return NoContent()


async def _as_it_is(request: Request) -> PushOut:
    given = request.settings.vapid_private_key
    async with request.connection() as conn:
        key = await load_push_key(conn, given.get_secret_value() if given else None, request.now)
        found = await push_subscriptions.select_subscriptions(conn, request.actor.id, request.now)
    return PushOut.of(key.public, found, request.actor.token_id)
