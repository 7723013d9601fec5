"""`doorstep up` as a person meets it: a process of its own, real signals, real kills."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.standalone.state import NotRunning, running_state

READY_WITHIN_S = 90
STOPPED_WITHIN_S = 5
"""What is promised."""
PATIENCE_S = 60
"""Where nothing is promised."""


class Up:
    """One `doorstep up --empty` in a process group of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.output = home.parent / f"{home.name}.output"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.cli", "up", "--empty"],
                env=environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> "Up":
        wait_for(lambda: "Ctrl-C" in self.output.read_text() or self.process.poll() is not None, READY_WITHIN_S)
        assert self.process.poll() is None, self.output.read_text()
        return self

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.home / "standalone.json").read_text())
        return state

    def status(self, path: str) -> int:
        with urllib.request.urlopen(self.state["url"] + path, timeout=5) as answer:
            status: int = answer.status
            return status

    def press_ctrl_c(self) -> int:
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE_S)


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
    return kept | {"DOORSTEP_HOME": str(home), "DOORSTEP_PORT": "0"}


def wait_for(condition: Callable[[], bool], limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def run_doorstep(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def command_lines(pids: Iterable[int]) -> str:
    """What everybody on this machine can read about these processes."""
    return " ".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in pids)


@pytest.fixture
def home(server_folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A DOORSTEP_HOME of this test alone; whatever the test leaves running in it is ended."""
    folder = server_folder / f"home-{request.node.name[:40]}"
    yield folder
    try:
        os.kill(running_state(folder).pids["up"], signal.SIGKILL)
    except (NotRunning, KeyError, ProcessLookupError):
        return


def test_ctrl_c_stops_every_process_and_the_next_start_finds_the_data(home: Path) -> None:
    up = Up(home).wait_until_ready()
    wait_for(lambda: answers(up), PATIENCE_S)
    pids = up.state["pids"].values()
    assert len(pids) == 5
    pressed_at = time.monotonic()
    assert up.press_ctrl_c() == 0
    assert time.monotonic() - pressed_at < STOPPED_WITHIN_S
    assert not [pid for pid in pids if is_alive(pid)]
    passwords = {up.state["postgres_password"], up.state["redis_password"]}

    again = Up(home).wait_until_ready()
    assert {again.state["postgres_password"], again.state["redis_password"]} == passwords
    assert "nothing to apply" in run_doorstep(home, "migrate").stdout
    assert again.press_ctrl_c() == 0


def test_after_kill_9_no_process_stays_and_the_next_start_works(home: Path) -> None:
    up = Up(home).wait_until_ready()
    pids = up.state["pids"].values()
    up.process.kill()
    up.process.wait()
    wait_for(lambda: not any(is_alive(pid) for pid in pids), PATIENCE_S)

    again = Up(home).wait_until_ready()
    wait_for(lambda: answers(again), PATIENCE_S)
    assert again.press_ctrl_c() == 0


def test_whatever_is_killed_comes_back(home: Path) -> None:
    up = Up(home).wait_until_ready()
    before = up.state["pids"]
    for name in ("dispatcher", "worker-1", "postgres", "valkey"):
        os.kill(before[name], signal.SIGKILL)
    wait_for(
        lambda: all(is_alive(pid) and pid not in before.values() for n, pid in up.state["pids"].items() if n != "up"),
        PATIENCE_S,
    )
    wait_for(lambda: answers(up), PATIENCE_S)
    assert up.press_ctrl_c() == 0


def answers(up: Up) -> bool:
    try:
        return up.status("/readyz") == 200
    except OSError:
        return False


def test_a_second_start_on_the_same_folder_says_so_and_disturbs_nothing(home: Path) -> None:
    up = Up(home).wait_until_ready()
    second = run_doorstep(home, "up")
    assert second.returncode == 1
    assert "Another `doorstep up` serves" in second.stderr
    wait_for(lambda: answers(up), PATIENCE_S)
    assert up.press_ctrl_c() == 0


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads command lines from /proc")
def test_only_the_owner_may_read_passwords_and_data(home: Path) -> None:
    up = Up(home).wait_until_ready()
    private = ["standalone.json", "postgres", "valkey", "valkey/valkey.conf"]
    assert [(home / name).stat().st_mode & 0o077 for name in private] == [0, 0, 0, 0]
    words = command_lines(up.state["pids"].values())
    assert up.state["postgres_password"] not in words
    assert up.state["redis_password"] not in words
    assert up.press_ctrl_c() == 0


def test_a_command_without_a_running_system_says_what_to_do(home: Path) -> None:
    result = run_doorstep(home, "migrate")
    assert result.returncode == 1
    assert "No system is running here" in result.stderr
    assert "Traceback" not in result.stderr
