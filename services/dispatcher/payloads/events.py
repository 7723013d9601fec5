"""Events as they are streamed, and where a stream begins."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.dispatcher.payloads.fields import District, JsonObject, Payload
from shared.domain.hearing import Audience, Event

EventId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,18}-[0-9]{1,18}$"),
    Field(description="id of the last event that was seen; the stream goes on behind it", examples=["4711-12"]),
]


class MemberEventsQuery(Payload):
    last_event_id: EventId | None = None


class EventsQuery(MemberEventsQuery):
    district: District | None = None


class ResumeHeaders(Payload):
    last_event_id: EventId | None = None


class EventOut(Payload):
    """What happened: ids and codes only. Content is read under one's own permission."""

    id: str
    name: str
    at: datetime
    district_id: UUID
    task_id: UUID | None
    team_id: UUID | None
    member_id: UUID | None
    account_id: UUID | None = None
    data: JsonObject

    @classmethod
    def of(cls, event: Event, audience: Audience) -> "EventOut":
        """The event as far as this audience may read it."""
        at_a_desk = audience.member_id is None
        return cls(
            id=f"{event['tx']}-{event['id']}",
            name=event["name"],
            at=event["at"],
            district_id=event["district_id"],
            task_id=event["task_id"],
            team_id=event["team_id"],
            member_id=event["member_id"],
            account_id=event["account_id"] if at_a_desk else None,
            data=audience.reads(event["data"]),
        )
