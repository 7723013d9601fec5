"""A standalone system: its parts, started in order, kept running, stopped in order."""

import asyncio
import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from services.errors import CommandError
from services.standalone import first_start
from services.standalone.ports import free_port, is_free
from services.standalone.postgres import EmbeddedPostgres
from services.standalone.service import Service
from services.standalone.state import read_state, write_state
from services.standalone.valkey import EmbeddedValkey
from shared.settings import Settings
from shared.store.migrate import migrate

_READY_LIMIT_S = 60
_RESTART_PAUSE_S = 2.0
"""A part that keeps dying is started again this often at most."""


class Part(Protocol):
    """One process that must run."""

    @property
    def pid(self) -> int: ...
    def is_running(self) -> bool: ...
    def start(self) -> None: ...
    def begin_stop(self) -> None: ...
    def stop(self) -> None: ...


class System:
    """Embedded Postgres and Valkey, a dispatcher and workers, on one folder that the caller has locked."""

    def __init__(self, settings: Settings, *, lock: int, workers: int, say: Callable[[str], None]) -> None:
        self._say = say
        self._home = settings.home.absolute()
        self._lock = lock
        self._host = settings.host
        self._port = settings.port or free_port()
        self._started_at: dict[str, float] = {}
        self.state = read_state(self._home)
        self._servers = self._make_servers()
        self._services = self._make_services(workers)

    def start(self, *, empty: bool) -> None:
        """Bring everything up and wait until the API is ready. Raises CommandError."""
        if not is_free(self._host, self._port):
            raise CommandError(f"Port {self._port} of {self._host} is taken; choose another with DOORSTEP_PORT.")
        for part in self._servers.values():
            part.start()
        self._note()
        asyncio.run(migrate(self.state.postgres_url))
        for part in self._services.values():
            part.start()
        self._note()
        self._wait_until_ready()
        if not self.state.first_start_done:
            self._start_first(empty=empty)

    def revive(self) -> None:
        """Start again what died."""
        for name, part in (self._servers | self._services).items():
            if part.is_running() or time.monotonic() < self._started_at.get(name, 0) + _RESTART_PAUSE_S:
                continue
            self._started_at[name] = time.monotonic()
            self._say(f"{name} ended by itself; starting it again")
            try:
                part.start()
            except CommandError as error:
                self._say(str(error))
            self._note()

    def stop(self) -> None:
        """Services first, so that they finish what they began; then the servers. Takes less than 5 s."""
        for parts in (self._services, self._servers):
            for part in parts.values():
                part.begin_stop()
            for part in parts.values():
                part.stop()
        self.state.pids = {}
        write_state(self._home, self.state)

    def _make_servers(self) -> dict[str, Part]:
        state = self.state
        state.postgres_port = free_port(state.postgres_port)
        postgres = EmbeddedPostgres(
            self._home / "postgres",
            port=state.postgres_port,
            password=state.postgres_password,
            log=self._fresh_log("postgres"),
            keep_open=[self._lock],
        )
        state.redis_port = free_port(state.redis_port)
        valkey = EmbeddedValkey(
            self._home / "valkey",
            port=state.redis_port,
            password=state.redis_password,
            log=self._fresh_log("valkey"),
            keep_open=[self._lock],
        )
        state.postgres_url, state.redis_url = postgres.url(), valkey.url()
        return {"postgres": postgres, "valkey": valkey}

    def _make_services(self, workers: int) -> dict[str, Part]:
        self.state.url = f"http://{self._address()}:{self._port}"
        env = {
            "DOORSTEP_DRAIN_S": "1.5",  # Ctrl-C promises an end within 5 s
            **os.environ,
            "DOORSTEP_HOME": str(self._home),
            "DOORSTEP_PORT": str(self._port),
            "DOORSTEP_POSTGRES_URL": self.state.postgres_url,
            "DOORSTEP_REDIS_URL": self.state.redis_url,
        }
        commands = {"dispatcher": "dispatcher", **{f"worker-{n}": "worker" for n in range(1, workers + 1)}}
        return {
            name: Service(command, log=self._fresh_log(name), env=env, keep_open=[self._lock])
            for name, command in commands.items()
        }

    def _start_first(self, *, empty: bool) -> None:
        """Fill a new system. The logins are kept before anything is made with them, so that an interruption costs nothing."""
        if not empty:
            self.state.logins = self.state.logins or first_start.first_logins()
            self._note()
            asyncio.run(first_start.make_first_city(self.state.postgres_url, self.state.url, self.state.logins))
        self.state.first_start_done = True
        self._note()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_LIMIT_S
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise NotReady(f"The dispatcher is not ready after {_READY_LIMIT_S} s; see {self._home / 'log'}")
            self.revive()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        conn = http.client.HTTPConnection(self._address(), self._port, timeout=2)
        try:
            conn.request("GET", "/readyz")
            return conn.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            conn.close()

    def _address(self) -> str:
        """Where to reach ourselves when listening everywhere."""
        return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._host, self._host)  # noqa: S104 - compared, not bound

    def _fresh_log(self, name: str) -> Path:
        """This run's log; the last run's is kept beside it."""
        path = self._home / "log" / f"{name}.log"
        path.parent.mkdir(exist_ok=True)
        if path.exists():
            path.replace(path.with_suffix(".log.before"))
        return path

    def _note(self) -> None:
        parts = self._servers | self._services
        self.state.pids = {"up": os.getpid()} | {name: part.pid for name, part in parts.items() if part.is_running()}
        write_state(self._home, self.state)


class NotReady(CommandError):
    """The dispatcher does not answer."""
