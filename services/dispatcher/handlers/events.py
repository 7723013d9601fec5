"""Live events (server-sent events), resumable behind any event."""

from contextlib import aclosing
from uuid import UUID

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from services.dispatcher.payloads.events import EventOut, EventsQuery, MemberEventsQuery, ResumeHeaders
from services.dispatcher.request import Request
from services.dispatcher.stream import STREAM, read_position
from shared.domain.errors import NotLoggedIn
from shared.store.outage import is_outage

_COME_BACK_AFTER_MS = 1000


async def get_events(request: Request, query: EventsQuery, headers: ResumeHeaders) -> web.StreamResponse:
    """Everything that happens in one's districts, as it happens.

    Each message has `id`, `event` (a name such as `task.assigned`) and JSON `data`. Send the last id as `Last-Event-ID` (or
    `last_event_id`) to go on where a stream broke off: no event is skipped. Without it the stream begins now.
    """
    district_id = None if query.district is None else await request.district(query.district, where="query")
    return await _stream(request, query.last_event_id or headers.last_event_id, district_id)


async def get_my_events(request: Request, query: MemberEventsQuery, headers: ResumeHeaders) -> web.StreamResponse:
    """What happens to one's own team: `route.changed`, `task.assigned`, … It ends when one joins another team; connect again."""
    return await _stream(request, query.last_event_id or headers.last_event_id, None)


async def _stream(request: Request, after: str | None, only: UUID | None) -> web.StreamResponse:
    stream = request.raw.app[STREAM]
    listener = await stream.admit(request.actor.token_id, only)
    if listener is None:
        raise NotLoggedIn
    start = await stream.start_of(read_position(after) if after is not None else None)
    heartbeat_s = request.settings.stream_heartbeat_s
    response = EventSourceResponse(ping_interval=heartbeat_s)
    await response.prepare(request.raw)
    async with response:
        try:
            # Whoever hears nothing before the stream breaks off knows where to go on all the same.
            await response.write(f"retry: {_COME_BACK_AFTER_MS}\r\nid: {start[0]}-{start[1]}\r\n\r\n".encode())
            async with aclosing(stream.follow(listener, start, heartbeat_s)) as followed:
                async for events in followed:
                    if not response.is_connected():
                        break
                    for event in events:
                        said = EventOut.of(event, listener.audience)
                        await response.send(said.model_dump_json(), id=said.id, event=said.name)
        except (ConnectionResetError, TimeoutError):
            pass  # the client went away, or reads too slowly: it comes back with the last id it saw
        except Exception as error:
            if not is_outage(error):
                raise
    return response
