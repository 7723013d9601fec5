"""The embedded Postgres: a data folder, a server on 127.0.0.1 with a password, its client programs."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.errors import CommandError
from services.standalone.binaries import SYSTEM_FOLDER, is_reachable, postgres_program, server_user
from services.standalone.process import GuardedProcess

_START_LIMIT_S = 60


class ServerFailed(CommandError):
    """An embedded server did not start; the message says what it printed last."""


class EmbeddedPostgres:
    """Postgres 18 on `folder`, made there at the first start. Its superuser and its database are both `doorstep`.

    `password` must be random: it is hashed only once, because a password of 256 bits needs no stretching.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        password: str,
        log: Path,
        options: Mapping[str, str] | None = None,
        keep_open: Sequence[int] = (),
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self._password = password
        self._log = log
        self._options = options or {}
        self._keep_open = keep_open
        self._process: GuardedProcess | None = None

    @property
    def pid(self) -> int:
        """Of the postmaster; 0 when there is none."""
        return self._process.pid if self._process else 0

    def url(self, database: str = "doorstep") -> str:
        return f"postgresql://doorstep:{self._password}@127.0.0.1:{self.port}/{database}"

    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running()

    def start(self) -> None:
        """Start and wait until it takes connections. Raises ServerFailed."""
        self._make_folder()
        deadline = time.monotonic() + _START_LIMIT_S
        self._launch()
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise ServerFailed(f"Postgres did not start within {_START_LIMIT_S} s:\n{self._last_words()}")
            if not self.is_running():
                # After a kill -9 the old backends hold the shared memory for a moment.
                time.sleep(0.3)
                if time.monotonic() > deadline - _START_LIMIT_S + 10:
                    raise ServerFailed(f"Postgres does not start:\n{self._last_words()}")
                self._launch()
            time.sleep(0.02)
        self._make_database()

    def begin_stop(self) -> None:
        if self._process:
            self._process.begin_stop()

    def stop(self) -> None:
        """End all sessions, write everything down and stop."""
        if self._process:
            self._process.stop()

    def kill(self) -> None:
        """kill -9, as a fault would."""
        if self._process:
            self._process.kill()

    def run_client(self, program: str, *arguments: str) -> str:
        """Run `psql`, `pg_dump`, `pgbench`, … against this server; what it printed. Raises ServerFailed with its error."""
        done = subprocess.run(
            [str(postgres_program(program)), "-h", "127.0.0.1", "-p", str(self.port), "-U", "doorstep", *arguments],
            env={**os.environ, "PGPASSWORD": self._password},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerFailed(f"{program}: {done.stderr.strip()}")
        return done.stdout

    def _launch(self) -> None:
        self._clear_stale_pid()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "log_error_verbosity": "terse",  # the details of a refused row are the row: names and phone numbers
            **self._options,
        }
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process = GuardedProcess(
            [str(postgres_program("postgres")), "-D", str(self.folder.resolve()), *settings],
            log=self._log,
            stop_signal=signal.SIGINT,  # SIGTERM would wait for the clients to leave
            grace_s=1.5,
            user=server_user(),
            keep_open=self._keep_open,
        )

    def _is_ready(self) -> bool:
        """The postmaster writes its own state into the eighth line of its pid file, as pg_ctl reads it."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready" and self.is_running()

    def _make_folder(self) -> None:
        if (self.folder / "PG_VERSION").exists():
            return
        place = self._place()
        user = server_user()
        with tempfile.TemporaryDirectory(dir=place.parent) as made, tempfile.NamedTemporaryFile("w") as password:
            password.write(self._password)
            password.flush()
            if user:
                for path in (made, password.name):
                    os.chown(path, user.uid, user.gid)
            _initialise(Path(made) / "data", Path(password.name))
            shutil.rmtree(place, ignore_errors=True)
            (Path(made) / "data").rename(place)

    def _place(self) -> Path:
        """Where the files lie: in our folder, unless we are root and the server's user cannot get there."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if server_user() is None or is_reachable(self.folder.parent):
            return self.folder
        place = SYSTEM_FOLDER / f"data-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]}"
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        self.folder.unlink(missing_ok=True)
        self.folder.symlink_to(place)
        return place

    def _make_database(self) -> None:
        exists = self.run_client(
            "psql", "-d", "postgres", "-Atc", "SELECT 1 FROM pg_database WHERE datname = 'doorstep'"
        )
        if not exists.strip():
            self.run_client("createdb", "doorstep")

    def _clear_stale_pid(self) -> None:
        """Remove the pid file of a dead server: its number may belong to somebody else by now, and Postgres would refuse."""
        pid_file = self.folder / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().splitlines()[0])
        deadline = time.monotonic() + 10
        while _is_server_of(pid, self.folder.resolve()) and time.monotonic() < deadline:
            os.kill(pid, signal.SIGQUIT)
            time.sleep(0.1)
        pid_file.unlink(missing_ok=True)

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-12:]) if self._log.exists() else ""


def _initialise(folder: Path, password_file: Path) -> None:
    user = server_user()
    done = subprocess.run(
        [
            str(postgres_program("initdb")),
            *("-D", str(folder), "-U", "doorstep", "--pwfile", str(password_file)),
            *("--auth=scram-sha-256", "--set=scram_iterations=1", "--set=timezone=UTC", "--set=log_timezone=UTC"),
            *(
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ),
        ],
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(f"Postgres could not make its data folder: {done.stderr.strip() or done.stdout.strip()}")


def _is_server_of(pid: int, folder: Path) -> bool:
    if Path("/proc/self").exists():
        try:
            return str(folder) in Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            return False
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607 - where ps lies differs
    return str(folder) in listed.stdout
