"""A table as people with spreadsheets send it: one row a thing, one column a field of the JSON that says the same."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from services.spreadsheet import read_cell
from shared.domain.errors import FieldError, Invalid

_CHARSETS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "us-ascii": "ascii",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
}
_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,9}(\.\d{1,20})?", re.ASCII)
_LOCAL_TIME = re.compile(r"(\d{4})[-/](\d\d?)[-/](\d\d?)[ T](\d\d?):(\d\d)(?::(\d\d))?", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?:[ T]00?:00(?::00)?)?", re.ASCII)
_BETWEEN_WORDS = re.compile(r"[\s,;，；、]+")
_BEYOND = ""  # stands for the column of cells that lie beyond the header


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table may hold. `columns`: column → where its value goes in the JSON; `readers`: how cells other than text are read;
    `times`: columns whose times are the district's where they say no offset; `required`: columns that must be there."""

    columns: Mapping[str, tuple[str, ...]]
    _: KW_ONLY
    required: Sequence[str] = ()
    readers: Mapping[str, Callable[[str], Any]] = field(default_factory=dict)
    times: frozenset[str] = frozenset()

    def read(self, content: bytes, charset: str) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows that have something in them: (row, column → text), cells left empty left out. The header is row 1, as spreadsheets
        count.

        Raises Invalid at once where the bytes are not in the charset or the header is not what is expected, later where the table is
        broken.
        """
        rows = _rows(_decoded(content, charset))
        header = self._checked_header(next(rows, (1, []))[1])
        return ((number, filled) for number, cells in rows if (filled := dict(_filled(header, cells))))

    def as_json(self, cells: Mapping[str, str], time_zone: str) -> dict[str, Any]:
        """What the row says, in JSON. What cannot be read stays text, and is refused there by its field.

        Times without an offset are in `time_zone`. Raises Invalid where the row has more cells than the header.
        """
        if _BEYOND in cells:
            raise _refused("The row has more cells than the header.")
        body: dict[str, Any] = {}
        for column, text in cells.items():
            *parents, name = self.columns[column]
            place = body.setdefault(parents[0], {}) if parents else body
            place[name] = _local_time(text, time_zone) if column in self.times else self._read_as(column, text)
        return body

    def in_columns(self, error: Invalid) -> Invalid:
        """The same error, its fields named by their columns."""
        columns = {".".join(path): column for column, path in self.columns.items()}
        return Invalid(
            error.detail,
            errors=tuple(
                FieldError(in_=wrong.in_, loc=columns.get(wrong.loc, wrong.loc), msg=wrong.msg)
                for wrong in error.errors
            ),
        )

    @property
    def _expected(self) -> str:
        return f"Expected a header of these columns, separated by commas: {','.join(self.columns)}"

    def _read_as(self, column: str, text: str) -> Any:
        reader = self.readers.get(column)
        return reader(text) if reader else text

    def _checked_header(self, cells: Sequence[str]) -> list[str]:
        header = [cell.strip().lower() for cell in cells]
        if len(header) == 1 and re.search(r"[;\t|]", header[0]):
            raise _refused(f"The columns are not separated by commas. {self._expected}")
        while header and header[-1] == "":
            header.pop()
        if not header:
            raise _refused(f"There is no header. {self._expected}")
        wrong = [
            FieldError(
                in_="body", loc=f"row 1, column {place}", msg=f"There is no column {name[:100]!r}. {self._expected}"
            )
            for place, name in enumerate(header, start=1)
            if name not in self.columns
        ]
        wrong += [
            FieldError(in_="body", loc="row 1", msg=f"The column {name} is there twice.")
            for name in sorted({name for name in header if header.count(name) > 1} & set(self.columns))
        ]
        missing = [name for name in self.required if name not in header]
        if missing and not wrong:
            msg = f"There is no column {missing[0]}. {self._expected}"
            wrong.append(FieldError(in_="body", loc="row 1", msg=msg))
        if wrong:
            raise Invalid(errors=tuple(wrong))
        return header


def integer(text: str) -> int | str:
    return int(text) if _INTEGER.fullmatch(text) else text


def decimal(text: str) -> float | str:
    return float(text) if _DECIMAL.fullmatch(text) else text


def words(text: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(text) if word]


def day(text: str) -> str:
    """`2026/3/7`, as spreadsheets write days, as `2026-03-07`; anything else as it is."""
    written = _DAY.fullmatch(text)
    return "{}-{:0>2}-{:0>2}".format(*written.groups()) if written else text


def flags(text: str) -> Any:
    """`no_smartphone, language=en` → {"no_smartphone": true, "language": "en"}; a JSON object, for values of several words, is itself."""
    if text.startswith("{"):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    named = (word.partition("=") for word in words(text))
    return {name: value if equals else True for name, equals, value in named}


def _decoded(content: bytes, charset: str) -> str:
    known = _CHARSETS.get(charset.lower())
    if known is None:
        raise _refused("Send UTF-8 (or charset=gb18030 in the Content-Type).")
    try:
        return content.decode(known)
    except UnicodeDecodeError as error:
        hint = "Save it as CSV UTF-8; a file of Chinese Excel may be sent with Content-Type: text/csv; charset=gb18030."
        raise _refused(f"Byte {error.start} is no {charset}. {hint}") from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise _refused(f"Row {number + 1} (line {reader.line_num}) is broken: {error}.") from None


def _filled(header: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The row's cells that hold something, by their columns."""
    for place, cell in enumerate(cells):
        text = read_cell(cell.strip())
        if text:
            yield (header[place], text) if place < len(header) else (_BEYOND, text)


def _refused(problem: str) -> Invalid:
    return Invalid(errors=(FieldError(in_="body", loc="", msg=problem),))


def _local_time(text: str, time_zone: str) -> str:
    """A time without offset with the district's; anything else as it is."""
    written = _LOCAL_TIME.fullmatch(text)
    if written is None:
        return text
    try:
        local = datetime(*(int(part or 0) for part in written.groups()), tzinfo=ZoneInfo(time_zone))  # type: ignore[arg-type,misc]  # six numbers
        return local.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return text
