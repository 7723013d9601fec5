"""Finding or installing a browser, on machines that have none, as far as the commands tried there."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.chromium import find_chromium

_BROWSER = "#!/bin/sh\necho Chromium 150.0\n"
_ONLY_TELLS = "#!/bin/sh\necho 'Command not found. Install it with: snap install chromium'\nexit 1\n"
_ROOT = Path(__file__).parents[2]


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without a browser, where nothing can be installed either."""
    tools = tmp_path / "tools"
    tools.mkdir()
    return {
        "PATH": str(tools),
        "HOME": str(tmp_path),
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers"),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",  # nobody listens there
        "DOORSTEP_TESTS_SYSTEM_PATH": str(tools),
    }


def find_or_install(environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.web.chromium"],
        cwd=_ROOT,
        env=environment | more,
        capture_output=True,
        text=True,
        timeout=80,
        check=False,
    )


def test_a_browser_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    browser = program(tmp_path, "google-chrome", _BROWSER)
    assert find_chromium(str(tmp_path)) == browser


def test_a_script_that_only_tells_where_to_get_a_browser_is_none(tmp_path: Path) -> None:
    program(tmp_path / "a", "chromium-browser", _ONLY_TELLS)
    browser = program(tmp_path / "b", "google-chrome", _BROWSER)
    assert find_chromium(f"{tmp_path / 'a'}{os.pathsep}{tmp_path / 'b'}") == browser


def test_where_none_can_be_had_the_command_says_so_loudly_and_goes_on(bare: dict[str, str]) -> None:
    done = find_or_install(bare)
    assert done.returncode == 0
    assert "playwright install chromium" in done.stdout  # what was tried
    assert "THE BROWSER TESTS WERE LEFT OUT" in done.stderr


def test_in_ci_no_browser_is_an_error(bare: dict[str, str]) -> None:
    done = find_or_install(bare, CI="true")
    assert done.returncode == 1
    assert "THE BROWSER TESTS WERE LEFT OUT" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may install packages of the system")
def test_as_root_debians_browser_is_installed_before_the_tests(bare: dict[str, str]) -> None:
    """The machine's package tool is a small program that does what it would do."""
    tools = Path(bare["PATH"])
    wanted = f'case "$*" in *install*chromium*) /bin/cp {tools}/ready {tools}/chromium;; esac\n'
    program(tools, "ready", _BROWSER)
    program(tools, "apt-get", f'#!/bin/sh\necho "apt-get $*"\n{wanted}')
    done = find_or_install(bare, CI="true")
    assert done.returncode == 0, done.stderr
    assert done.stdout.index("apt-get update") < done.stdout.index(
        "apt-get install -y --no-install-recommends chromium"
    )
    assert f"browser tests use {tools / 'chromium'}" in done.stdout
