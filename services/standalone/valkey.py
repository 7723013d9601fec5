"""The embedded Valkey: an append-only file in a folder, a server on 127.0.0.1 with a password."""

import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path

from services.standalone.binaries import valkey_program
from services.standalone.postgres import ServerFailed
from services.standalone.process import GuardedProcess

_START_LIMIT_S = 20


class EmbeddedValkey:
    """Valkey 9 on `folder`, which it keeps between starts."""

    def __init__(self, folder: Path, *, port: int, password: str, log: Path, keep_open: Sequence[int] = ()) -> None:
        self.folder = folder.absolute()
        self.port = port
        self._password = password
        self._log = log
        self._keep_open = keep_open
        self._process: GuardedProcess | None = None

    @property
    def pid(self) -> int:
        """0 when it does not run."""
        return self._process.pid if self._process else 0

    def url(self, database: int = 0) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/{database}"

    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running()

    def start(self) -> None:
        """Start and wait until it answers. Raises ServerFailed."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        deadline = time.monotonic() + _START_LIMIT_S
        self._process = GuardedProcess(
            [str(valkey_program()), str(self._write_configuration())],
            log=self._log,
            stop_signal=signal.SIGTERM,
            grace_s=1.5,
            keep_open=self._keep_open,
        )
        while not self._answers():
            if not self.is_running() or time.monotonic() > deadline:
                raise ServerFailed(f"Valkey does not start; see {self._log}")
            time.sleep(0.02)

    def begin_stop(self) -> None:
        if self._process:
            self._process.begin_stop()

    def stop(self) -> None:
        """Write everything down and stop."""
        if self._process:
            self._process.stop()

    def kill(self) -> None:
        """kill -9, as a fault would."""
        if self._process:
            self._process.kill()

    def command(self, *words: str) -> bytes:
        """Send one command and read the start of its answer. Raises OSError when the server is away."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as conn:
            conn.sendall(_encode("AUTH", self._password))
            conn.recv(64)
            conn.sendall(_encode(*words))
            return conn.recv(4096)

    def _answers(self) -> bool:
        try:
            return self.command("PING") == b"+PONG\r\n"
        except OSError:
            return False

    def _write_configuration(self) -> Path:
        """The password goes into a file of ours, because everybody can read the command line of a process."""
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self._password,
            "dir": f'"{self.folder}"',
            "appendonly": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        path.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
        return path


def _encode(*words: str) -> bytes:
    parts = [f"*{len(words)}\r\n".encode()]
    parts += [f"${len(word.encode())}\r\n{word}\r\n".encode() for word in words]
    return b"".join(parts)
