"""A whole system of real processes that may be killed, for tests of what that costs."""

import http.client
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

from services.standalone.ports import free_port
from services.standalone.postgres import EmbeddedPostgres
from services.standalone.service import Service
from services.standalone.valkey import EmbeddedValkey

_READY_LIMIT_S = 60


class System:
    """A Postgres that keeps its word (fsync on), a Valkey, a dispatcher and workers. Migrate before `start_services`.

    `settings`: further environment of the services.
    """

    def __init__(self, folder: Path, *, workers: int = 2, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self.postgres = EmbeddedPostgres(
            folder / "postgres", port=free_port(), password=secrets.token_hex(32), log=folder / "postgres.log"
        )
        self.valkey = EmbeddedValkey(
            folder / "valkey", port=free_port(), password=secrets.token_hex(32), log=folder / "valkey.log"
        )
        self._port = free_port()
        env = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")} | {
            "DOORSTEP_HOME": str(folder / "home"),
            "DOORSTEP_PORT": str(self._port),
            "DOORSTEP_POSTGRES_URL": self.postgres.url(),
            "DOORSTEP_REDIS_URL": self.valkey.url(),
            "DOORSTEP_LOG_FORMAT": "json",
            "DOORSTEP_DRAIN_S": "1.5",
            "DOORSTEP_IMPROVE_PERIOD_S": "2",
            **(settings or {}),
        }
        self.dispatcher = Service("dispatcher", log=folder / "dispatcher.log", env=env)
        self.workers = [Service("worker", log=folder / f"worker-{n}.log", env=env) for n in range(1, workers + 1)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start_servers(self) -> None:
        self.postgres.start()
        self.valkey.start()

    def start_services(self) -> None:
        """Start dispatcher and workers, and wait until the API is ready and all workers work."""
        for service in (self.dispatcher, *self.workers):
            service.start()
        deadline = time.monotonic() + _READY_LIMIT_S
        while not (self._is_ready() and self._all_work()):
            assert self.dispatcher.is_running(), self.log_of("dispatcher")
            assert time.monotonic() < deadline, self.log_of("dispatcher")
            time.sleep(0.05)

    def stop(self) -> None:
        for part in (self.dispatcher, *self.workers, self.valkey, self.postgres):
            part.begin_stop()
        for part in (self.dispatcher, *self.workers, self.valkey, self.postgres):
            part.stop()

    def log_of(self, name: str) -> str:
        """What `dispatcher`, `worker-1`, … said last."""
        path = self._folder / f"{name}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def _all_work(self) -> bool:
        """Whether each worker has said so in its log."""
        logs = [self._folder / f"worker-{number}.log" for number in range(1, len(self.workers) + 1)]
        return all('"working"' in log.read_text(errors="replace") for log in logs)

    def _is_ready(self) -> bool:
        conn = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2)
        try:
            conn.request("GET", "/readyz")
            return conn.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            conn.close()
