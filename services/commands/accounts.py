"""`doorstep account`: accounts straight in the database, for the first admin has to come from somewhere."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from services.errors import CommandError
from services.standalone.state import find_settings
from shared.domain.clock import utc_now
from shared.domain.errors import DomainError
from shared.domain.secrets import new_token
from shared.domain.words import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from shared.store.connection import Connection, Record

Result = TypeVar("Result")

app = typer.Typer(no_args_is_help=True, help="Make and see accounts of people and programs, directly in the database.")

_SHORTEST_SECRET = 10
_PAGE = 500

Name = Annotated[str, typer.Argument(help="The account's name.")]
Ask = Annotated[bool, typer.Option("--ask", help="Ask for the secret instead of making a random one.")]


class NoSuchAccount(CommandError):
    """There is no account of that name."""


class NoSuchDistrict(CommandError):
    """There is no district of that code."""


class AccountRefused(CommandError):
    """The account cannot be made or changed like that."""


@app.command()
def create(
    name: Name,
    permission: Annotated[
        Permission, typer.Option(metavar="PERMISSION", help="admin, coordinator, auditor or integration.")
    ],
    district: Annotated[list[str] | None, typer.Option(help="Code of a district it reaches; repeat for more.")] = None,
    ask: Ask = False,
) -> None:
    """Make an account and print its secret."""
    if permission is Permission.MEMBER:
        raise typer.BadParameter("Members belong to a district and are made there.")
    secret = _secret(ask)
    _run(lambda conn: _create(conn, name, permission, district or [], secret))
    typer.echo(f"{name} may log in." if ask else f"{name} may log in with the secret {secret}")


@app.command()
def password(name: Name, ask: Ask = False) -> None:
    """Give an account a new secret and end its sessions."""
    secret = _secret(ask)
    _run(lambda conn: _change_secret(conn, name, secret))
    typer.echo(f"{name} has a new secret." if ask else f"{name} may log in with the secret {secret}")


@app.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it counts.")] = 365,
) -> None:
    """Make a program's standing token and print it, this once."""
    typer.echo(_run(lambda conn: _make_token(conn, name, label, timedelta(days=days))))


@app.command("list")
def list_accounts() -> None:
    """Print every account: name, permission, districts."""
    for row in _run(_list):
        districts = ",".join(sorted(row["districts"].values()))
        typer.echo("\t".join([row["name"], row["permission"], districts, "" if row["active"] else "inactive"]).rstrip())


def _secret(ask: bool) -> str:
    if not ask:
        return new_token()
    typed: str = typer.prompt("Secret", hide_input=True, confirmation_prompt=True)
    if len(typed) < _SHORTEST_SECRET:
        raise typer.BadParameter(f"Use at least {_SHORTEST_SECRET} characters.")
    return typed


def _run(operate: "Callable[[Connection], Awaitable[Result]]") -> Result:
    try:
        return asyncio.run(_connected(operate))
    except DomainError as error:
        raise AccountRefused(f"{error.message()} {error.detail}".strip()) from error


async def _connected(operate: "Callable[[Connection], Awaitable[Result]]") -> Result:
    from shared.store.connection import connect

    url = find_settings().postgres_url.get_secret_value()
    async with connect(url, application_name="doorstep-account") as conn:
        return await operate(conn)


async def _create(conn: "Connection", name: str, permission: Permission, codes: Sequence[str], secret: str) -> "Record":
    from shared.operations.accounts import create_account
    from shared.operations.sessions import hash_secret
    from shared.store.accounts import select_district_codes

    known = {code: district_id for district_id, code in (await select_district_codes(conn)).items()}
    if missing := set(codes) - known.keys():
        raise NoSuchDistrict(f"There is no district {', '.join(sorted(missing))}.")
    return await create_account(
        conn,
        name=name,
        secret_hash=await hash_secret(secret),
        permission=permission,
        districts=[known[code] for code in codes],
        now=utc_now(),
    )


async def _change_secret(conn: "Connection", name: str, secret: str) -> None:
    from shared.operations.accounts import AccountChange, change_account
    from shared.operations.sessions import hash_secret

    change = AccountChange(secret_hash=await hash_secret(secret))
    await change_account(conn, await _find(conn, name), change, utc_now())


async def _make_token(conn: "Connection", name: str, label: str, lifetime: timedelta) -> str:
    from shared.operations.accounts import make_program_token

    now = utc_now()
    _, made = await make_program_token(conn, await _find(conn, name), label=label, now=now, expires_at=now + lifetime)
    return made


async def _find(conn: "Connection", name: str) -> "UUID":
    for row in await _list(conn):
        if row["name"] == name:
            found: UUID = row["id"]
            return found
    raise NoSuchAccount(f"There is no account {name}.")


async def _list(conn: "Connection") -> "list[Record]":
    from shared.store.accounts import select_accounts

    rows: list[Record] = []
    while page := await select_accounts(
        conn, text=None, permission=None, after=rows[-1]["id"] if rows else None, limit=_PAGE
    ):
        rows += page
    return rows
