"""Files that people hand in and get back: what is wrong with one is said in a line."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from services.errors import CommandError

GZIP_BEGINS = b"\x1f\x8b"


class CannotRead(CommandError):
    """The file cannot be read."""


def read_json(file: Path) -> Any:
    """The JSON value in that file, packed with gzip or not. Raises CannotRead."""
    try:
        packed = file.read_bytes()
    except OSError as error:
        raise CannotRead(f"{file}: {error.strerror or error}") from error
    try:
        return json.loads(gzip.decompress(packed) if packed.startswith(GZIP_BEGINS) else packed)
    except (OSError, EOFError, zlib.error) as error:
        raise CannotRead(f"{file} is damaged: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise CannotRead(f"{file} is no JSON: {error}.") from error


def write_text(file: Path, text: str) -> None:
    """Write the file anew. Raises CommandError."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}") from error
