"""How long to wait before trying again."""

_DOUBLINGS = 16  # beyond it the power only grows, at last out of what a float holds


def pause_s(failures: int, *, first_s: float, longest_s: float) -> float:
    """Seconds after so many failures in a row (at least one): doubling from `first_s` up to `longest_s`, however long it lasts."""
    return min(first_s * 2.0 ** min(failures - 1, _DOUBLINGS), longest_s)
