"""Our own services as child processes: this same program with another command."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.standalone.process import GuardedProcess


class Service:
    """The dispatcher or a worker."""

    def __init__(self, command: str, *, log: Path, env: Mapping[str, str], keep_open: Sequence[int] = ()) -> None:
        self._command = command
        self._log = log
        self._env = env
        self._keep_open = keep_open
        self._process: GuardedProcess | None = None

    @property
    def pid(self) -> int:
        """0 when it was never started."""
        return self._process.pid if self._process else 0

    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running()

    def start(self) -> None:
        """Start and return at once; `/readyz` tells when the dispatcher serves."""
        self._process = GuardedProcess(
            [sys.executable, "-m", "services.cli", self._command],
            log=self._log,
            grace_s=2.5,
            env=self._env,
            keep_open=self._keep_open,
        )

    def begin_stop(self) -> None:
        """Ask it to finish what it began (SIGTERM) and go on without waiting."""
        if self._process:
            self._process.begin_stop()

    def stop(self) -> None:
        """Stop it and wait for its end."""
        if self._process:
            self._process.stop()

    def kill(self) -> None:
        """kill -9, as a fault would."""
        if self._process:
            self._process.kill()
