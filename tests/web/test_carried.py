"""What is built of the pages goes into the wheel, and only that."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.web.words import WEB

_ROOT = Path(__file__).parents[2]
_INSIDE = "services/dispatcher/web/"


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files below `services/dispatcher/web` in a wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=_ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        return {name.removeprefix(_INSIDE) for name in file.namelist() if name.startswith(_INSIDE)}


def test_the_wheel_carries_every_built_file(carried: set[str]) -> None:
    built = {str(path.relative_to(WEB)) for path in (WEB / "dist").rglob("*") if path.is_file() and path.name[0] != "."}
    assert {"dist/phone/index.html", "dist/phone/sw.js", "dist/console/index.html"} <= built
    assert built - carried == set()


def test_the_wheel_carries_nothing_that_pages_are_built_from(carried: set[str]) -> None:
    assert {name for name in carried if not name.startswith(("dist/", "docs/"))} == set()
