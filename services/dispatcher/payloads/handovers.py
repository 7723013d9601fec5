"""The end of a shift as a desk sees it: what was handed to whom, and what the team still has."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.dispatcher.payloads.fields import Payload
from shared.domain.handover import Ending
from shared.domain.words import Status
from shared.store.connection import Record

Texts = Annotated[dict[str, str], Field(description="language → text")]


class HandoverOut(Payload):
    """A task that went from one team to the next at the end of a shift, and where it is now.

    `to_team_id` null: no team that follows could take it, so it went back to be placed. `member_id` null: nobody handed it over, the shift
    ended. `holder_id`: who has it now.
    """

    id: UUID
    task_id: UUID
    at: datetime
    from_team_id: UUID
    from_team: str
    to_team_id: UUID | None
    to_team: str | None
    member_id: UUID | None
    member: str | None
    note: str
    kind: str
    names: Texts
    address: str | None
    status: Status
    holder_id: UUID | None
    holder: str | None

    @classmethod
    def of(cls, row: Record) -> "HandoverOut":
        return cls(**{name: row[name] for name in cls.model_fields})


class StillOpenOut(Payload):
    """A task that the team has accepted (or that was pinned to it) and has not recorded. `kept`: it said that it finishes it itself."""

    task_id: UUID
    kind: str
    names: Texts
    address: str | None
    status: Status
    due_at: datetime
    kept: bool


class EndOfShiftOut(Payload):
    """The end of a shift. `goes_on`: the team's next shift begins at once, so nothing is handed over. From `asks_from` on the team is asked
    about each task in `still_open`; `received` is what it has from teams before it."""

    shift_id: UUID
    team_id: UUID
    starts_at: datetime
    ends_at: datetime
    asks_from: datetime
    goes_on: bool
    handed_over: list[HandoverOut]
    still_open: list[StillOpenOut]
    received: list[HandoverOut]

    @classmethod
    def of(
        cls,
        team_id: UUID,
        ending: Ending,
        *,
        handed_over: Iterable[Record],
        still_open: Iterable[Record],
        received: Iterable[Record],
    ) -> "EndOfShiftOut":
        own = {name: getattr(ending, name) for name in ("shift_id", "starts_at", "ends_at", "asks_from", "goes_on")}
        shown = [name for name in StillOpenOut.model_fields if name != "kept"]
        return cls(
            **own,
            team_id=team_id,
            handed_over=[HandoverOut.of(row) for row in handed_over],
            still_open=[
                StillOpenOut(**{name: row[name] for name in shown}, kept=ending.was_kept(row["kept_at"]))
                for row in still_open
            ],
            received=[HandoverOut.of(row) for row in received],
        )
