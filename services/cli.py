"""The `doorstep` command."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from services.commands import accounts
from services.errors import CommandError
from services.simulator.policy_names import PolicyName
from services.standalone.state import find_settings
from shared.settings import Settings

app = typer.Typer(
    name="doorstep",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Dispatch door-to-door public-health visits to three-person teams.",
)
app.add_typer(accounts.app, name="account")


@app.command()
def up(
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 1,
    empty: Annotated[bool, typer.Option("--empty", help="Make no demo city and no logins at the first start.")] = False,
) -> None:
    """Run a whole system on this machine until Ctrl-C; its state is in DOORSTEP_HOME."""
    from services.standalone.up import run_up

    run_up(Settings(), workers=workers, empty=empty)


@app.command()
def dispatcher() -> None:
    """Serve the API."""
    from services.dispatcher.app import run

    run(find_settings())


@app.command()
def worker() -> None:
    """Place tasks on teams' routes; run as many as you like."""
    from services.worker.app import run

    run(find_settings())


@app.command()
def migrate() -> None:
    """Bring the database to this release's schema; any number may run at once."""
    from shared.store.migrate import migrate as migrate_database

    applied = asyncio.run(migrate_database(find_settings().postgres_url.get_secret_value()))
    typer.echo("\n".join(f"applied {name}" for name in applied) or "nothing to apply")


@app.command()
def openapi() -> None:
    """Print the API's OpenAPI 3.1 document."""
    import orjson

    from services.dispatcher.openapi import build_openapi
    from services.dispatcher.routes import ROUTES

    typer.echo(orjson.dumps(build_openapi(ROUTES), option=orjson.OPT_INDENT_2))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write; - for standard output.")]) -> None:
    """Write the whole database into one file. The system may be running."""
    from services.commands.backup import backup as backup_database

    backup_database(find_settings().postgres_url.get_secret_value(), file)


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="What `doorstep backup` wrote; - for standard input.")]) -> None:
    """Fill an empty system from a backup and migrate it to this release."""
    from services.commands.backup import restore as restore_database

    restore_database(find_settings().postgres_url.get_secret_value(), file)


@app.command(name="import")
def import_tasks(
    file: Annotated[Path, typer.Argument(help="CSV, one row a task; its header names the columns.", dir_okay=False)],
    district: Annotated[str | None, typer.Option(help="Code or id; needed where the account has several.")] = None,
    encoding: Annotated[str, typer.Option(help="Of the file, such as gb18030.")] = "utf-8",
    url: Annotated[str | None, typer.Option(help="Where the API is, if not the standalone system here.")] = None,
) -> None:
    """Take in a table of tasks of any size. Rejected rows go to FILE.rejected.csv; rows with a ref may be sent again."""
    from services.commands.importer import run_import

    run_import(file, district=district, url=url, encoding=encoding)


@app.command()
def demo(
    grids: Annotated[Path | None, typer.Option(help="GeoJSON FeatureCollection of polygons.")] = None,
    households: Annotated[Path | None, typer.Option(help="CSV: household_ref, lat, lon, street, number, …")] = None,
    teams: Annotated[int, typer.Option(min=1, max=200)] = 6,
    tasks: Annotated[int, typer.Option(min=1, max=20_000)] = 120,
    seed: Annotated[int | None, typer.Option(help="The same seed plays the same day.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the API is, if not the standalone system here.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the teams on shift afterwards.")] = False,
) -> None:
    """Play a day in a minute against a running system, in a district of its own; print what became of each task."""
    from services.commands.demo import run_demo

    run_demo(grids=grids, households=households, teams=teams, tasks=tasks, seed=seed, url=url, keep=keep)


@app.command()
def simulate(
    day: Annotated[Path, typer.Argument(help="A day (doorstep-day/1), JSON or packed with gzip.", dir_okay=False)],
    policy: Annotated[PolicyName, typer.Option(help="Who decides which team goes where.")] = PolicyName.PLACE,
    seed: Annotated[int, typer.Option(help="Of what the policy leaves to chance.")] = 1,
    log: Annotated[Path | None, typer.Option(help="Write what happened there, one JSON object a line.")] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the day there, as SVG.")] = None,
) -> None:
    """Play a day in virtual time through the worker's own planner, surprises included; print what it came to."""
    from services.simulator.command import run_simulate

    run_simulate(day, policy=policy, seed=seed, log=log, picture=picture)


@app.command()
def plan(
    file: Annotated[Path, typer.Argument(help="A problem (doorstep-problem/1) or a day, JSON or packed with gzip.")],
    seconds: Annotated[
        float | None, typer.Option(min=0, help="For each part in each pass; if nothing is said, iterations by size.")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(min=0, help="The same by count: equal seeds give equal plans.")
    ] = None,
    passes: Annotated[int, typer.Option(min=1, help="Each cuts the district into other parts.")] = 8,
    seed: Annotated[int, typer.Option(help="Of what the solver leaves to chance.")] = 1,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Parts planned side by side; all cores if not said.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write the plan there, as JSON.")] = None,
) -> None:
    """Plan a problem, or a day as if all of it were known; print what the plan comes to."""
    from services.simulator.replay import Effort, run_plan

    effort = Effort(seconds=seconds, iterations=iterations, passes=passes, seed=seed, processes=processes)
    run_plan(file, effort, output)


def main() -> None:
    """Run the command; what a person can mend is said in one line, without a traceback."""
    try:
        app()
    except CommandError as error:
        sys.exit(f"doorstep: {error}")
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        bad = (f"DOORSTEP_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        sys.exit("doorstep: " + "\n".join(bad))


if __name__ == "__main__":
    main()
