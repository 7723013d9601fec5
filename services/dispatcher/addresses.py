"""Where a request came from and what this site is called; forwarded headers count only from trusted proxies."""

from ipaddress import ip_address

from aiohttp import web

from shared.settings import Network, Settings


def client_address(raw: web.Request, settings: Settings) -> str:
    """The address of whoever asked: the nearest one on the way here that is no trusted proxy."""
    peer = raw.remote or ""
    hops = [hop.strip() for hop in raw.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while hops and _is_trusted(peer, settings.trusted_proxies):
        peer = hops.pop()
    return peer


def own_origin(raw: web.Request, settings: Settings) -> str:
    """Scheme, host and port under which the caller reached this site: `public_url`, else what a trusted proxy says it was asked for."""
    if settings.public_url is not None:
        return settings.public_url.rstrip("/")
    scheme, host = raw.scheme, raw.host
    if _is_trusted(raw.remote or "", settings.trusted_proxies):
        scheme = _nearest(raw, "X-Forwarded-Proto") or scheme
        host = _nearest(raw, "X-Forwarded-Host") or host
    return f"{scheme}://{host}"


def _nearest(raw: web.Request, header: str) -> str:
    """What the proxy before us says: the last value, for those before it may have come from anybody."""
    return raw.headers.get(header, "").rpartition(",")[2].strip()


def _is_trusted(address: str, proxies: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in proxies)
