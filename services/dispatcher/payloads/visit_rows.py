"""Visits as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import orjson

from services.dispatcher.payloads.task_rows import cell
from shared.domain.reports import Visit
from shared.store.connection import Record

COLUMNS = (
    "at",
    "kind",
    "channel",
    "outcome",
    "on_time",
    "result",
    "note",
    "needs_review",
    "district",
    "grid",
    "team",
    "member",
    "household_ref",
    "address",
    "subject_ref",
    "subject_name",
    "task_ref",
    "task_id",
    "due_at",
    "received_at",
    "device_at",
    "form_version",
    "struck_at",
    "replaces_id",
    "team_id",
    "member_id",
    "id",
)


def visit_rows(found: Iterable[tuple[Visit, Record]], *, shows_members: bool) -> bytes:
    """Lines of the table. Times are the district's; `result` is JSON, as each kind has a form of its own."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for visit, row in found:
        own = {
            "at": visit.corrected_at,
            "on_time": visit.corrected_at <= row["due_at"],
            "result": orjson.dumps(visit.result).decode() if visit.result else "",
            "needs_review": visit.needs_review,
            "team": row["team_code"],
            "member": row["member_name"] if shows_members else None,
        }
        zone = ZoneInfo(row["time_zone"])
        writer.writerow([cell(own[name] if name in own else row[name], zone) for name in COLUMNS])
    return text.getvalue().encode()
