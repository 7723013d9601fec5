"""What a standalone system remembers in DOORSTEP_HOME, and how commands find the running one."""

import fcntl
import json
import os
import secrets
import time
from pathlib import Path

from pydantic import BaseModel, Field

from services.errors import CommandError
from shared.settings import Settings


class NotRunning(CommandError):
    """No system is running here. Start one with `make run` (or name its DOORSTEP_HOME), or set DOORSTEP_POSTGRES_URL."""


class AlreadyRunning(CommandError):
    """Another `doorstep up` serves this folder."""


class Login(BaseModel):
    """Who may log in to the demo city, and with what."""

    who: str
    name: str
    secret: str


class State(BaseModel):
    """`standalone.json`: kept between runs, readable by its owner only."""

    url: str = ""
    """Where the API answers."""
    postgres_port: int = 0
    postgres_password: str = Field(default_factory=lambda: secrets.token_hex(32))
    postgres_url: str = ""
    redis_port: int = 0
    redis_password: str = Field(default_factory=lambda: secrets.token_hex(32))
    redis_url: str = ""
    pids: dict[str, int] = {}
    """Of the last run: `up`, `postgres`, `valkey`, `dispatcher`, `worker-1`, …"""
    first_start_done: bool = False
    logins: list[Login] = []


def read_state(home: Path) -> State:
    """What was kept, or a new state with fresh passwords."""
    path = _state_file(home)
    return State.model_validate_json(path.read_bytes()) if path.exists() else State()


def write_state(home: Path, state: State) -> None:
    """Replace the file whole, so that no reader ever sees half of it."""
    path = _state_file(home)
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(state.model_dump(), indent=2) + "\n")
    partial.rename(path)


def running_state(home: Path) -> State:
    """The state of the system running on this folder. Raises NotRunning."""
    lock = home / "lock"
    if not lock.exists():
        raise NotRunning
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return read_state(home)
    raise NotRunning


def find_settings() -> Settings:
    """Settings from the environment, or else of the standalone system running in DOORSTEP_HOME. Raises NotRunning."""
    settings = Settings()
    if "postgres_url" in settings.model_fields_set:
        return settings
    state = running_state(settings.home)
    return Settings(
        postgres_url=state.postgres_url, redis_url=state.redis_url, public_url=settings.public_url or state.url
    )


def lock_home(home: Path, *, patience_s: float = 8) -> int:
    """Take the folder for ourselves; returns the descriptor that holds it. Raises AlreadyRunning.

    The guards of our processes hold it too: after a kill -9 of `up` it is free once the last of them is gone, within seconds.
    """
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline or _is_alive(read_state(home).pids.get("up")):
                os.close(descriptor)
                raise AlreadyRunning(
                    f"Another `doorstep up` serves {home.absolute()}; stop it, or set DOORSTEP_HOME."
                ) from None
            time.sleep(0.1)
        else:
            return descriptor


def _state_file(home: Path) -> Path:
    return home / "standalone.json"


def _is_alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
