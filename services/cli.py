"""The `doorstep` command."""

import typer

app = typer.Typer(name="doorstep", no_args_is_help=True, help="Dispatch door-to-door public-health visits.")


@app.callback()
def main() -> None:
    """Dispatch door-to-door public-health visits."""
