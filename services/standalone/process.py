"""Child processes that never outlive us."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_GUARD = Path(__file__).with_name("guard.py")


@dataclass(frozen=True, kw_only=True)
class User:
    """An account of the operating system."""

    uid: int
    gid: int


class GuardedProcess:
    """A command under a guard that ends it when this process ends, whichever way.

    The guard is in a session of its own: Ctrl-C reaches us only, and we decide the order of the stopping.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        grace_s: float = 2.5,
        user: User | None = None,
        env: Mapping[str, str] | None = None,
        keep_open: Sequence[int] = (),
    ) -> None:
        """Start at once. `log` gets what the command prints; `keep_open` are descriptors the guard holds while it lives."""
        owner = f"{user.uid}:{user.gid}" if user else "-"
        guarded = [sys.executable, "-I", "-S", str(_GUARD), str(int(stop_signal)), str(grace_s), owner, *command]
        with log.open("ab") as output:
            self._guard = subprocess.Popen(
                guarded,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                env=env,
                start_new_session=True,
                pass_fds=keep_open,
            )
        assert self._guard.stdout is not None  # noqa: S101 - a pipe was asked for
        first_line = self._guard.stdout.readline()
        self.pid = int(first_line or 0)
        """Of the command itself; 0 when it could not be started."""

    def is_running(self) -> bool:
        return self._guard.poll() is None

    def begin_stop(self) -> None:
        """Let the guard stop the command, and go on without waiting."""
        assert self._guard.stdin is not None  # noqa: S101 - a pipe was asked for
        self._guard.stdin.close()

    def stop(self) -> None:
        """Stop the command and wait for its end, at most its grace and a second."""
        self.begin_stop()
        self.wait()

    def wait(self) -> int:
        """Wait for the end; the exit code, or 128 + the signal that ended it."""
        code = self._guard.wait()
        for pipe in (self._guard.stdin, self._guard.stdout):
            if pipe is not None:
                pipe.close()
        return code

    def kill(self) -> None:
        """kill -9 of the command, as a fault would, and wait for its end."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()
