"""The browser of the tests: the Chromium that this machine has, or one that is installed where that may be done.

`python -m tests.web.chromium` finds or installs one before the tests. Where none can be had it says so loudly; with CI set that is an
error, for there the browser tests are never left out.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DEBIAN = ("chromium", "fonts-noto-cjk")  # and a font in which Chinese can be read on screenshots
_SYSTEM_PATH = (
    "DOORSTEP_TESTS_SYSTEM_PATH"  # where the system's package tool is and puts programs, for tests of this module
)
_INSTALL_LIMIT_S = 600
_ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)

LEFT_OUT = """
##############################################################################
  THE BROWSER TESTS WERE LEFT OUT: there is no Chromium on this machine.
  Install one (Debian: apt-get install chromium; anywhere: {python} -m
  playwright install chromium) and run `make test` again.
##############################################################################
"""


def find_chromium(path: str | None = None) -> Path | None:
    """A Chromium that starts: of `path` (else PATH), else the one that Playwright installed for itself."""
    named = (shutil.which(name, path=path) for name in _NAMES)
    candidates = (Path(name) for name in named if name)
    return next((program for program in candidates if _starts(program)), None) or _playwrights_own()


def install_chromium() -> Path | None:
    """Install one, telling what is done: Debian's as root, else (or where there is none) Playwright's own."""
    path = os.environ.get(_SYSTEM_PATH, "/usr/local/bin:/usr/bin:/bin")
    package_tool = shutil.which("apt-get", path=path)
    if os.geteuid() == 0 and package_tool:
        _run(package_tool, "update")
        _run(package_tool, "install", "-y", "--no-install-recommends", *_DEBIAN)
        if found := find_chromium(path):
            return found
    _run(sys.executable, "-m", "playwright", "install", "chromium")
    return _playwrights_own()


def left_out() -> str:
    """What to say where there is no browser."""
    return LEFT_OUT.format(python=Path(sys.executable).name)


def main() -> None:
    """Find one or install one; exit 1 where there is none and CI is set."""
    found = find_chromium() or install_chromium()
    if found:
        print(f"browser tests use {found}")  # noqa: T201 - a command
        return
    print(left_out(), file=sys.stderr)  # noqa: T201 - a command
    sys.exit("CI" in os.environ)


def _starts(program: Path) -> bool:
    """Some distributions put a script there that only tells where to get a browser."""
    try:
        done = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "Chrom" in done.stdout


def _playwrights_own() -> Path | None:
    asked = subprocess.run(
        [sys.executable, "-c", _ASK_PLAYWRIGHT], capture_output=True, text=True, timeout=60, check=False
    )
    program = Path(asked.stdout.strip() or "/nonexistent")
    return program if program.is_file() and _starts(program) else None


def _run(*command: str) -> None:
    print("no Chromium here yet:", *command, flush=True)  # noqa: T201 - a command
    try:
        subprocess.run(
            command,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            timeout=_INSTALL_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
