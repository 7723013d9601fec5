"""`doorstep up`."""

import signal
import time

from rich.console import Console
from rich.table import Table

from services.standalone.state import State, lock_home
from services.standalone.system import System
from shared.settings import Settings

_LOOK_EVERY_S = 0.2


def run_up(settings: Settings, *, workers: int, empty: bool) -> None:
    """Run a whole system until SIGINT, SIGTERM or SIGHUP. Raises CommandError when it does not come up."""
    console = Console()
    lock = lock_home(settings.home)
    system = System(settings, lock=lock, workers=workers, say=console.print)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        console.print("Starting Doorstep …")
        system.start(empty=empty)
        _print_welcome(console, settings, system.state)
        while True:
            time.sleep(_LOOK_EVERY_S)
            system.revive()
    except KeyboardInterrupt:
        console.print("Stopping …")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        system.stop()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _print_welcome(console: Console, settings: Settings, state: State) -> None:
    console.print(f"\nDoorstep serves at [bold]{state.url}[/]", soft_wrap=True)
    for name, what in (
        ("console", "where a coordinator works"),
        ("phone", "what a team member opens"),
        ("docs", "API reference"),
    ):
        console.print(f"  {state.url}/{name}  {what}", soft_wrap=True)
    if state.logins:
        table = Table("who", "name", "secret")
        for login in state.logins:
            table.add_row(login.who, login.name, login.secret)
        console.print(table)
    home = settings.home.absolute()
    console.print(
        f"Data and logs are in {home}; it is all there at the next start. Ctrl-C stops everything.", soft_wrap=True
    )
