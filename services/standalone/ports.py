"""Ports of this machine."""

import secrets
import socket

FOR_SERVERS = range(20_000, 32_000)
"""Given to no connection: Linux takes those from 32768 on, others those from 49152 on (RFC 6335, 6)."""
_given: set[int] = set()
"""Nobody may listen there yet, for servers are started one after the other."""


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """A port of 127.0.0.1 nobody listens on and that was not given before: the preferred one if it is such a port.

    Else one that the system gives to no outgoing connection, which might take it before a server listens there.
    """
    port = preferred or secrets.choice(FOR_SERVERS)
    while port in _given or not is_free("127.0.0.1", port):
        port = secrets.choice(FOR_SERVERS)
    _given.add(port)
    return port
