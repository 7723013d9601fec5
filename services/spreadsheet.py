"""CSV for people with spreadsheets: cells that a spreadsheet would run as formulas go out as text, and come back as what they were."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may run (OWASP, CSV Injection), also behind apostrophes: those of the text itself must survive."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def escape_cell(text: str) -> str:
    """The text as a cell that no spreadsheet runs: an apostrophe goes before what looks like a formula (numbers do not)."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def read_cell(cell: str) -> str:
    """The text of a cell: the apostrophe that `escape_cell` put there is gone, so what was sent out may be sent in again."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
