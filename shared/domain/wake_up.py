"""Waking phones: which new work is worth it, how often, and where a phone may say that it is reached."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from shared.domain.errors import FieldError, Invalid
from shared.domain.routing import TeamOnShift, Work
from shared.domain.words import WakeUp

URGENT_PRIORITY = 5
URGENT_WITHIN = timedelta(hours=1)
"""Half of what a batch of trace calls is given: what is due sooner cannot wait until somebody looks."""
PAUSE = timedelta(minutes=1)
"""Between two messages to a phone. What comes meanwhile is told at its end, by one message."""
LIFETIME = timedelta(hours=1)
"""How long a message is worth sending; a phone that is off for longer shows its route when it is on again."""
MESSAGES: Mapping[WakeUp, bytes] = {what: f'{{"what":"{what}"}}'.encode() for what in WakeUp}
"""All that a push service carries, and that only the phone can read."""

_URL = re.compile(r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?/[!-\"$-\[\]-~]*", re.ASCII)
_PORTS = {"https": 443, "http": 80}
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})


def is_urgent(work: Work, now: datetime) -> bool:
    """Whether new work wakes who gets it: it may begin within the hour, and is of the highest priority or due within the hour."""
    soon = now + URGENT_WITHIN
    return work.earliest <= soon and (work.priority >= URGENT_PRIORITY or work.due_at <= soon)


def is_awake(team: TeamOnShift, now: datetime) -> bool:
    """Whether the team's shift has begun: who works later today sleeps now."""
    return team.shift_id is not None and (team.shift_starts or now) <= now < team.shift_ends


def host_of(endpoint: str, allowed: Iterable[str]) -> str:
    """The host of a push service's address, with its port where it says one. Raises Invalid where no entry of `allowed` covers it.

    An entry is a host, or `*.` and what its name must end in, each with a port where it is not the usual one. Only https counts, and
    plain http on this machine's own address where an entry names that.
    """
    found = _URL.fullmatch(endpoint)
    if found is None:
        raise _no_endpoint("Use the address that the browser gave.")
    scheme, host = found["scheme"], found["host"].lower()
    port = int(found["port"] or _PORTS[scheme])
    if scheme == "http" and host not in _LOOPBACK:
        raise _no_endpoint("Use https.")
    if not any(_covers(entry.lower(), host, port, _PORTS[scheme]) for entry in allowed):
        raise _no_endpoint("This push service is not among those allowed here.")
    return host if port == _PORTS[scheme] else f"{host}:{port}"


def _covers(entry: str, host: str, port: int, usual_port: int) -> bool:
    name, _, entry_port = entry.partition(":")
    if int(entry_port or usual_port) != port:
        return False
    return host.endswith(name[1:]) and host != name[1:] if name.startswith("*.") else host == name


def _no_endpoint(msg: str) -> Invalid:
    return Invalid(errors=(FieldError(in_="body", loc="endpoint", msg=msg),))
