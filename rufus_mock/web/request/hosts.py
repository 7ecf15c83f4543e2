"""The host in a request: its Host header, or :authority in HTTP/2."""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from ...spec.validation import Problem, bad_request, described

# RFC 9110, 7.2, without the comma: WSGI joins several headers by it.
_HOST = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+)(?:%[^\]]+)?\]|[A-Za-z0-9._~!$&'()*+;=%-]+)(?P<port>:[0-9]*)?")

_NEED_NO_HOST = {"HTTP/0.9", "HTTP/1", "HTTP/1.0"}
"""granian calls HTTP/1.0 HTTP/1."""

EXPECTED = "one Host header with a host name or an IP address"


@lru_cache(maxsize=256)
def host_of(authority: str) -> str | None:
    """The host in "host" or "host:port", in lower case; None if the text is neither."""
    found = _HOST.fullmatch(authority)
    if found is None:
        return None
    if found["address"]:
        try:
            ip_address(found["address"])
        except ValueError:
            return None
    return authority.removesuffix(found["port"] or "").lower()


def require_host(environ: Mapping[str, Any]) -> None:
    """Raises BadRequest for several Host headers, an invalid one, and, from HTTP/1.1 on, none (RFC 9112, 3.2)."""
    authority: str = environ.get("HTTP_HOST", "")
    if host_of(authority) is None and (authority or environ.get("SERVER_PROTOCOL") not in _NEED_NO_HOST):
        actual = described(authority) if authority else "missing"
        raise bad_request(Problem("header", "Host", "/Host", EXPECTED, actual))
