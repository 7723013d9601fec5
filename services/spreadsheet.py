"""CSV for people with spreadsheets: cells that a spreadsheet would run as formulas go out as text, and come back as what they were."""

import re

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def escape_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs: an apostrophe goes before what looks like a formula (numbers do not)."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def read_cell(cell: str) -> str:
    """The text of a cell: the apostrophe that `escape_cell` put there is gone, so what was sent out may be sent in again."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
