"""A durable system of our own for a bench: embedded servers (fsync on), a dispatcher, workers, on free loopback ports."""

import asyncio
import http.client
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.standalone.ports import free_port
from services.standalone.postgres import EmbeddedPostgres
from services.standalone.process import GuardedProcess
from services.standalone.service import Service
from services.standalone.valkey import EmbeddedValkey
from shared.store.migrate import migrate

_READY_LIMIT_S = 30


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The running parts. `bare_url` is the yardstick's; the busy workers improve every few seconds."""

    url: str
    bare_url: str
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    dispatcher: Service
    worker: Service
    busy_workers: tuple[Service, ...]
    bare: GuardedProcess


@contextmanager
def running() -> Iterator[Bench]:
    """Everything up but the workers; all of it gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server's own user must enter
        bench = _start(folder)
        try:
            yield bench
        finally:
            for part in (bench.dispatcher, bench.worker, *bench.busy_workers, bench.bare, bench.valkey, bench.postgres):
                part.stop()


def _start(folder: Path) -> Bench:
    postgres = EmbeddedPostgres(
        folder / "postgres",
        port=free_port(),
        password=secrets.token_hex(32),
        log=folder / "postgres.log",
        options={"track_commit_timestamp": "on"},  # when a task and its assignment became visible, to the microsecond
    )
    valkey = EmbeddedValkey(
        folder / "valkey", port=free_port(), password=secrets.token_hex(32), log=folder / "valkey.log"
    )
    postgres.start()
    valkey.start()
    asyncio.run(migrate(postgres.url()))
    port, bare_port = free_port(), free_port()
    env = {
        **os.environ,
        "DOORSTEP_PORT": str(port),
        "DOORSTEP_POSTGRES_URL": postgres.url(),
        "DOORSTEP_REDIS_URL": valkey.url(),
        "DOORSTEP_REQUESTS_PER_MINUTE": "100000000",
        "DOORSTEP_LOG_FORMAT": "json",
    }
    bench = Bench(
        url=f"http://127.0.0.1:{port}",
        bare_url=f"http://127.0.0.1:{bare_port}/rows",
        postgres=postgres,
        valkey=valkey,
        dispatcher=Service("dispatcher", log=folder / "dispatcher.log", env=env),
        worker=Service("worker", log=folder / "worker.log", env=env),
        busy_workers=tuple(
            Service("worker", log=folder / f"busy-{number}.log", env={**env, "DOORSTEP_IMPROVE_PERIOD_S": "10"})
            for number in (1, 2)
        ),
        bare=GuardedProcess(
            [sys.executable, "-m", "bench.bare", postgres.url(), str(bare_port)], log=folder / "bare.log"
        ),
    )
    bench.dispatcher.start()
    _wait_until_answered(port, "/readyz")
    _wait_until_answered(bare_port, "/")
    return bench


def _wait_until_answered(port: int, path: str) -> None:
    deadline = time.monotonic() + _READY_LIMIT_S
    while True:
        conn = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            conn.request("GET", path)
            if conn.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            conn.close()
        if time.monotonic() > deadline:
            raise SystemExit(f"nothing answers on port {port}")
        time.sleep(0.05)
