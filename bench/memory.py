"""Resident memory of processes."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Megabytes: resident, and (on Linux) with shared pages divided by their users."""

    rss_mb: float
    pss_mb: float | None


def memory_of(pid: int) -> Memory:
    """What a process holds."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    try:
        lines = dict(line.split(":", 1) for line in rollup.read_text().splitlines()[1:])
    except OSError:  # not Linux, or another user's
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)  # noqa: S607
        return Memory(rss_mb=int(shown.stdout) / 1024, pss_mb=None)
    return Memory(rss_mb=_megabytes(lines["Rss"]), pss_mb=_megabytes(lines["Pss"]))


def child_of(pid: int) -> int | None:
    """A process that it started and that runs."""
    shown = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    pairs = [tuple(map(int, line.split())) for line in shown.stdout.splitlines()]
    return next((child for child, parent in pairs if parent == pid), None)


def _megabytes(kilobytes: str) -> float:
    return int(kilobytes.split()[0]) / 1024
