"""`doorstep import`: a table of any size, sent to the API in batches; what was rejected is written beside it with the reasons."""

import asyncio
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.commands.asking import api_as
from services.demo.client import Api, ApiRefused
from services.errors import CommandError
from services.spreadsheet import escape_cell, read_cell

_ROWS_AT_ONCE = 1000
_PROBLEM = "problem"  # the column that a table of rejected rows has more than the one it came from
_SPREADSHEET = "utf-8-sig"  # with the mark by which spreadsheets know UTF-8


class SomeRejected(CommandError):
    """Some rows were rejected."""


class CannotRead(CommandError):
    """The file cannot be read."""


def run_import(file: Path, *, district: str | None, url: str | None, encoding: str) -> None:
    """Send the table and say what became of it. With refs in it, it may be sent again.

    Rejected rows go to `FILE.rejected.csv`, which may be mended and imported as it is. Raises SomeRejected, CannotRead, CommandError.
    """
    header, rows = _read(file, encoding)
    counts = {"created": 0, "repeated": 0, "rejected": 0}
    rejected: list[list[str]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress:
        bar = progress.add_task(file.name, total=len(rows))
        for sent, answer in asyncio.run(_send(header, rows, district, url, lambda n: progress.advance(bar, n))):
            for name in counts:
                counts[name] += answer[name]
            rejected += [[*sent[item["row"] - 2], _reason(item)] for item in answer["items"] if item["problem"]]
    print(", ".join(f"{count} {name}" for name, count in counts.items()))  # noqa: T201 - a command speaks to its terminal
    beside = file.with_suffix(".rejected.csv")
    beside.unlink(missing_ok=True)
    if rejected:
        _write(beside, [*header, _PROBLEM], rejected)
        raise SomeRejected(f"{len(rejected)} rows were rejected; {beside} says why.")


def _read(file: Path, encoding: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows, without the column of problems that a table of rejected rows has."""
    try:
        text = file.read_bytes().decode(_SPREADSHEET if encoding.lower() in ("utf-8", "utf8") else encoding)
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, LookupError) as error:
        raise CannotRead(f"{file}: {error}") from error
    except UnicodeDecodeError as error:
        hint = "Save it as CSV UTF-8, or say its --encoding, such as gb18030."
        raise CannotRead(f"{file}: byte {error.start} is no {encoding}. {hint}") from error
    except csv.Error as error:
        raise CannotRead(f"{file} is no CSV: {error}.") from error
    header, *rows = table or [[]]
    if _PROBLEM in header:
        at = header.index(_PROBLEM)
        header, rows = header[:at], [row[:at] for row in rows]
    return header, rows


async def _send(
    header: Sequence[str], rows: Sequence[list[str]], district: str | None, url: str | None, advance: Any
) -> list[tuple[list[list[str]], Any]]:
    """Each batch with its answer."""
    answers = []
    async with aiohttp.ClientSession() as session:
        api = await api_as(session, "coordinator", url)
        for batch in _batches(rows):
            answers.append((batch, await _send_batch(api, header, batch, district)))
            advance(len(batch))
    return answers


def _batches(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    left = iter(rows)
    while batch := list(islice(left, _ROWS_AT_ONCE)):
        if any(any(row) for row in batch):
            yield batch


async def _send_batch(api: Api, header: Sequence[str], batch: Sequence[list[str]], district: str | None) -> Any:
    content = _table(header, batch).encode()
    try:
        answer = await api.send(
            "POST",
            "/v1/tasks/batch",
            content,
            query={"district": district} if district else {},
            # A batch cut off midway is sent again under the same key, so rows without a ref are not made twice.
            headers={"Content-Type": "text/csv; charset=utf-8", "Idempotency-Key": str(uuid4())},
        )
    except ApiRefused as refused:
        raise CommandError(_why(refused)) from refused
    return answer.body


def _why(refused: ApiRefused) -> str:
    problem = refused.problem or {}
    wrong = [f"{field['loc']}: {field['msg']}".lstrip(": ") for field in problem.get("errors", [])]
    return "\n".join(wrong) or problem.get("title") or str(refused)


def _reason(item: Any) -> str:
    problem = item["problem"]
    wrong = [f"{field['loc']}: {field['msg']}".lstrip(": ") for field in problem["errors"]]
    return "; ".join(wrong) or problem["title"]


def _write(file: Path, header: Sequence[str], rows: Sequence[list[str]]) -> None:
    width = len(header) - 1
    escaped = [
        [escape_cell(read_cell(cell)) for cell in (*row[:-1], *[""] * (width - len(row) + 1), row[-1])] for row in rows
    ]
    file.write_text(_table(header, escaped), encoding=_SPREADSHEET)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()
