"""Patterns for text search."""


def contains(text: str | None) -> str | None:
    """The ILIKE pattern of texts that contain `text` as it is written; None for None."""
    if text is None:
        return None
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
