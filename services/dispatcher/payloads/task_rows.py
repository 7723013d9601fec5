"""A table of tasks as people with spreadsheets read it: what `task_csv` reads, and what became of each task."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from services.dispatcher.payloads import task_csv
from services.spreadsheet import escape_cell
from shared.domain.task import Task
from shared.store.connection import Record

# A door and a person that are known by id are sent in by that id alone; here they are written out, so that another system can read them.
SENT_IN = tuple(column for column in task_csv.COLUMNS if column not in ("household_id", "subject_id"))
COLUMNS = (
    *SENT_IN,
    "status",
    "waiting_reason",
    "overdue",
    "district",
    "grid",
    "team",
    "attempts",
    "max_attempts",
    "closed_at",
    "closed_reason",
    "created_at",
    "updated_at",
)
_ONE_WORD = re.compile(r"[^\s,;，；、={}]+")


def table_rows(found: Iterable[tuple[Task, Record]], now: datetime) -> bytes:
    """Lines of the table, from tasks as `store.task_lists.select_tasks_written_out` reads them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for task, row in found:
        own = {"needs": task.capabilities, "overdue": task.is_overdue(now)}
        zone = ZoneInfo(row["time_zone"])
        writer.writerow([cell(own[name] if name in own else row[name], zone) for name in COLUMNS])
    return text.getvalue().encode()


def cell(value: Any, zone: ZoneInfo) -> str:
    """How a value is written; moments are those of the time zone."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.9f}".rstrip("0").rstrip(".")  # degrees, to a tenth of a millimetre; never 1e-05
        case datetime():
            return value.astimezone(zone).isoformat(timespec="seconds")
        case Mapping():
            return escape_cell(_flags(value))
        case str():
            return escape_cell(value)
        case Sequence():
            return ", ".join(value)
    return str(value)


def _flags(flags: Mapping[str, Any]) -> str:
    """As people write them where the values allow it: `no_smartphone, language=en`; else JSON."""
    if all(value is True or (isinstance(value, str) and _ONE_WORD.fullmatch(value)) for value in flags.values()):
        return ", ".join(name if value is True else f"{name}={value}" for name, value in flags.items())
    return orjson.dumps(flags).decode()
