"""Settings, all from the environment: `DOORSTEP_PORT=9000` sets `port`. `docs/operations.md` explains each."""

import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Network = IPv4Network | IPv6Network

_PRIVATE_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_CONTACT = re.compile(r"mailto:[^@\s]+@[^@\s]+|https://[^\s/]+\S*")
_HOST = re.compile(r"(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?")


class Settings(BaseSettings):
    """What both services and the command read, once, at their start.

    A name ending in `_s` is in seconds, in `_bytes` in bytes. Raises `pydantic.ValidationError` naming every bad variable.
    """

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Path(".doorstep")
    """State of a standalone system: data of the embedded servers, logs, logins."""
    postgres_url: SecretStr = SecretStr("postgresql://doorstep@127.0.0.1:5432/doorstep")
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: str | None = None
    """What people type; cookies are `Secure` and links absolute when it starts with https. None: derived from the request."""
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    """Networks whose `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` count, separated by commas."""

    tiles_url: Annotated[str, Field(pattern=r"^https?://[^\s;,'\"]+$")] | None = None
    """Address of the maps' street pictures, with `{z}`, `{x}` and `{y}`. None: maps draw only what Doorstep knows and ask nobody."""
    tiles_attribution: str = ""
    """Whom the maps name as the pictures' source."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "pretty"] = "auto"
    """`auto` is pretty on a terminal and JSON elsewhere."""

    pool_max_size: int = Field(16, ge=1)
    """Connections to Postgres per process."""
    statement_timeout_s: float = Field(30, gt=0)

    body_limit_bytes: int = Field(256 * 1024, ge=1024)
    batch_limit_bytes: int = Field(16 * 1024 * 1024, ge=1024)
    batch_limit_rows: int = Field(10_000, ge=1)

    session_lifetime_s: int = Field(12 * 3600, gt=0)
    """Of a coordinator, auditor or admin who logged in."""
    member_session_lifetime_s: int = Field(26 * 3600, gt=0)
    """Of a phone: a 24-hour standby with an hour at both ends."""
    login_link_lifetime_s: int = Field(600, gt=0)
    idempotency_lifetime_s: int = Field(24 * 3600, gt=0)

    login_attempts_per_account: int = Field(10, ge=1)
    login_attempts_per_address: int = Field(100, ge=1)
    """Failed log-ins in one window. Many phones share one address, so its number is the larger."""
    login_window_s: int = Field(900, gt=0)
    requests_per_minute: int = Field(6000, ge=1)
    """Per token, in each dispatcher process."""

    stream_poll_s: float = Field(0.2, gt=0)
    """How often a process that has listeners asks Postgres for new events."""
    stream_heartbeat_s: float = Field(15, gt=0)
    """How often a silent stream says that it lives."""
    stream_check_s: float = Field(3, gt=0)
    """How often open streams are held against the tokens that still count."""

    nudge_timeout_s: float = Field(0.25, gt=0)
    """How long a request waits for Redis before it goes on without; the sweep finds the work anyway."""
    sweep_interval_s: float = Field(0.5, gt=0, le=1)
    poll_delay_s: float = Field(0.03, gt=0)
    """How often a worker asks Redis; arq's own default of 0.5 s costs 270 ms at p50."""
    worker_jobs: int = Field(4, ge=1)
    """Jobs of one worker at the same time."""
    improve_period_s: float = Field(300, gt=0)
    """How often a district's routes are planned anew, as long as something changes in them."""
    improve_haste_s: float = Field(60, gt=0)
    """How soon after the last round the next may come where something should not wait: work given back, people changed, a team freed or
    late, a task late or without a team."""
    improve_part_s: float = Field(0.3, gt=0, le=10)
    """How long the solver works on each part (up to ten teams) of a district in a round."""
    keep_problems: int = Field(0, ge=0)
    """How many problems of the last rounds are kept as files, for `doorstep plan`."""
    problems_folder: Path | None = None
    """Where. None: `problems` in `home`."""
    drain_s: float = Field(8, ge=0)
    """How long a stopping process finishes what it began; keep it below compose's `stop_grace_period`."""
    worker_metrics_port: int | None = Field(None, ge=0, le=65535)
    """Where a worker answers `/metrics` and `/healthz`. None: nowhere."""

    @property
    def tiles_origin(self) -> str | None:
        """Scheme, host and port of the tile server as a Content-Security-Policy names it; `{s}` (one of several hosts) becomes `*`."""
        if self.tiles_url is None:
            return None
        scheme, _, rest = self.tiles_url.partition("://")
        return f"{scheme}://{rest.partition('/')[0].replace('{s}', '*')}"

    vapid_private_key: SecretStr | None = None
    """P-256, 32 bytes in base64url: how push services know that it is us who wakes phones. None: one is made and kept in Postgres."""
    vapid_contact: str | None = None
    """Whom push services may write to, `mailto:…` or `https://…`. None: `public_url`."""
    push_hosts: Annotated[tuple[str, ...], NoDecode] = (
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    )
    """Hosts at which phones may say that they are reached: workers send there and nowhere else."""

    @field_validator("vapid_private_key")
    @classmethod
    def _is_private_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _PRIVATE_KEY.fullmatch(value.get_secret_value()):
            raise ValueError("Give 32 bytes in base64url: 43 characters.")
        return value

    @field_validator("vapid_contact")
    @classmethod
    def _is_contact(cls, value: str | None) -> str | None:
        if value is not None and not _CONTACT.fullmatch(value):
            raise ValueError("Give mailto:somebody@example.org or https://example.org.")
        return value

    @field_validator("push_hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_HOST.fullmatch(host) for host in value):
            raise ValueError(
                "Give hosts such as push.example.org, *.example.org or 127.0.0.1:9000, separated by commas."
            )
        return value

    @field_validator("trusted_proxies", "push_hosts", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value
