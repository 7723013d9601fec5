"""What happened, line by line: the one record of a simulated day, from which its figures, its picture and its file are made."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from services.simulator.day import Day
from services.simulator.files import write_text


class Event(StrEnum):
    """What a line tells. A task that is taken back or withdrawn is *released*."""

    ASSIGNED = "assigned"
    RELEASED = "released"
    STARTED = "started"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event of a task with a team. `found`: whether somebody was in (finished). `unable`: whether the team had to (released)."""

    at: datetime
    event: Event
    task_id: UUID
    team_id: UUID
    found: bool | None = None
    unable: bool = False


class Log:
    """Takes the lines as they happen."""

    def __init__(self) -> None:
        self.counts: Counter[Event] = Counter()
        self._lines: list[Line] = []

    @property
    def lines(self) -> Sequence[Line]:
        return self._lines

    def add(
        self,
        at: datetime,
        event: Event,
        task_id: UUID,
        team_id: UUID,
        *,
        found: bool | None = None,
        unable: bool = False,
    ) -> None:
        """Write one down. Raises ValueError where it is earlier than the one before."""
        if self._lines and at < self._lines[-1].at:
            raise ValueError("a log goes forward in time")
        self._lines.append(Line(at=at, event=event, task_id=task_id, team_id=team_id, found=found, unable=unable))
        self.counts[event] += 1


def write_log(lines: Iterable[Line], day: Day, file: Path) -> None:
    """One JSON object a line, times and ids as in the day's file. Raises CommandError."""
    names = {task.work.task_id: task.id for task in day.tasks} | {team.team_id: team.id for team in day.teams}
    write_text(file, "".join(json.dumps(_as_json(line, names, day.zone)) + "\n" for line in lines))


def _as_json(line: Line, names: Mapping[UUID, str], zone: tzinfo) -> dict[str, str]:
    said = {
        "at": line.at.astimezone(zone).isoformat(),
        "event": line.event.value,
        "task": names[line.task_id],
        "team": names[line.team_id],
    }
    if line.found is not None:
        said["outcome"] = "done" if line.found else "unavailable"
    return said
