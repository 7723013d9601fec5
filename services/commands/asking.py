"""Commands that ask the API: where it is, and under whose credential."""

import os
from typing import Literal

import aiohttp

from services.demo.client import Api
from services.errors import CommandError
from services.standalone.state import NotRunning, running_state
from shared.settings import Settings


class WhoAsks(CommandError):
    """Say who asks: DOORSTEP_TOKEN with a token (`doorstep account token NAME`), or run it beside `doorstep up`."""


async def api_as(session: aiohttp.ClientSession, who: Literal["admin", "coordinator"], url: str | None) -> Api:
    """The API under DOORSTEP_TOKEN, else under that login of the standalone system in DOORSTEP_HOME.

    Where: at `url`, else DOORSTEP_PUBLIC_URL, else where the standalone system serves. Raises WhoAsks.
    """
    settings = Settings()
    token = os.environ.get("DOORSTEP_TOKEN")
    url = url or settings.public_url
    if token and url:
        return Api(session, url, token)
    try:
        state = running_state(settings.home)
    except NotRunning as error:
        raise WhoAsks from error
    api = Api(session, url or state.url, token)
    if token:
        return api
    login = next((login for login in state.logins if login.who == who), None)
    if login is None:
        raise WhoAsks
    answer = await api.send("POST", "/v1/sessions", {"name": login.name, "secret": login.secret})
    return api.with_token(answer.body["token"])
