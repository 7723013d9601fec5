"""Accounts of people and programs, and their tokens."""

from datetime import timedelta
from uuid import UUID

from services.dispatcher.answers import Created, NoContent, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.accounts import (
    AccountOut,
    AccountPatch,
    AccountQuery,
    NewAccount,
    NewToken,
    TokenList,
    TokenMade,
    TokenOut,
)
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.request import Request
from shared.domain.errors import FieldError, NotFound
from shared.domain.secrets import new_token
from shared.operations import accounts as operations
from shared.operations.accounts import AccountChange
from shared.operations.sessions import hash_secret
from shared.store import accounts, tokens

_TOKEN_LIFETIME = timedelta(days=365)


async def get_accounts(request: Request, query: AccountQuery) -> Page[AccountOut]:
    """Accounts in the order in which they were made."""
    async with request.connection() as conn:
        rows = await accounts.select_accounts(
            conn, text=query.text, permission=query.permission, after=query.after_id(), limit=query.fetch
        )
    return page_of(rows, query, AccountOut.of, key=lambda row: (row["id"],))


async def get_account(request: Request, path: IdPath) -> AccountOut:
    """One account."""
    async with request.connection() as conn:
        return AccountOut.of(await operations.find_account(conn, path.id))


async def post_account(request: Request, body: NewAccount) -> Created[AccountOut]:
    """Make an account."""
    secret_hash = await hash_secret(body.secret or new_token())
    districts = await _districts(request, body.districts)
    async with request.transaction() as conn:
        row = await operations.create_account(
            conn,
            account_id=body.id,
            name=body.name,
            secret_hash=secret_hash,
            permission=body.permission,
            districts=districts,
            now=request.now,
            leads=body.leads,
        )
    return Created(AccountOut.of(row), location=f"/v1/accounts/{row['id']}")


async def patch_account(request: Request, path: IdPath, body: AccountPatch) -> AccountOut:
    """Change an account; what is left out or null stays."""
    change = AccountChange(
        name=body.name,
        secret_hash=await hash_secret(body.secret) if body.secret else None,
        permission=body.permission,
        active=body.active,
        leads=body.leads,
        districts=None if body.districts is None else await _districts(request, body.districts),
    )
    async with request.transaction() as conn:
        row = await operations.change_account(conn, path.id, change, request.now)
    request.forget_credentials()
    return AccountOut.of(row)


async def get_account_tokens(request: Request, path: IdPath) -> TokenList:
    """The account's live sessions and program tokens, newest first; never the tokens themselves."""
    async with request.connection() as conn:
        await operations.find_account(conn, path.id)
        rows = await tokens.select_tokens_of_account(conn, path.id, request.now)
    return TokenList(items=[TokenOut.of(row) for row in rows])


async def post_account_token(request: Request, path: IdPath, body: NewToken | None) -> Created[TokenMade]:
    """Make a standing token for a program."""
    wanted = body or NewToken()
    expires_at = wanted.expires_at or request.now + _TOKEN_LIFETIME
    async with request.transaction() as conn:
        token_id, token = await operations.make_program_token(
            conn, path.id, label=wanted.label, now=request.now, expires_at=expires_at
        )
    made = TokenMade(id=token_id, token=token, expires_at=expires_at)
    return Created(made, location=f"/v1/tokens/{token_id}")


async def delete_token(request: Request, path: IdPath) -> NoContent:
    """Revoke a token."""
    async with request.transaction() as conn:
        if not await tokens.update_token_revoked(conn, path.id, request.now):
            raise NotFound
    request.forget_credentials()
    return NoContent()


async def _districts(request: Request, given: list[str]) -> list[UUID]:
    """The districts meant by codes or ids. Raises NotFound naming those that do not exist."""
    async with request.connection() as conn:
        codes = await accounts.select_district_codes(conn)
    known = {**{str(key): key for key in codes}, **{code: key for key, code in codes.items()}}
    wrong = tuple(
        FieldError(in_="body", loc=f"districts.{place}", msg="There is no such district.")
        for place, district in enumerate(given)
        if district not in known
    )
    if wrong:
        raise NotFound(errors=wrong)
    return [known[district] for district in given]
