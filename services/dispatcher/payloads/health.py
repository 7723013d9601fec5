"""Liveness and readiness."""

from typing import Literal

from services.dispatcher.payloads.fields import Payload


class Health(Payload):
    status: Literal["ok"]


class Readiness(Payload):
    status: Literal["ok", "degraded"]
    postgres: Literal["ok"]
    redis: Literal["ok", "away"]
