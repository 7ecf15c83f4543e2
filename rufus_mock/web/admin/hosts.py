"""The hosts that the admin API accepts.

A page of any site can make its own host name resolve to this machine (DNS rebinding). It then has the same origin as
the mock, but its requests have a Host header that public DNS can name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...base.errors import HostNotAllowed
from ..request.hosts import host_of

_SINGLE_LABEL = re.compile(r"[a-z0-9_-]+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def allowed_host(text: str) -> str:
    """A host as --allow-host takes it, in lower case. Raises ValueError for anything but a host."""
    host = host_of(text)
    if host is None or host != text.lower() or "*" in host:
        raise ValueError(f"expected a host name or an IP address without scheme, port and path, found {text!r}")
    return host.removesuffix(".")


class Hosts:
    """Accepts hosts that public DNS cannot name, hosts that the user allows and, over TLS, the certificate's host.

    local_domains: domains that are not in public DNS. Raises ValueError for an invalid allowed host.
    """

    def __init__(self, local_domains: Iterable[str], allowed: Iterable[str], certified: str) -> None:
        self._local = tuple(local_domains)
        self._allowed = {allowed_host(host) for host in allowed}
        self._certified = certified

    def check(self, environ: Mapping[str, Any]) -> None:
        """Raises HostNotAllowed. A request without a Host header does not come from a browser and is accepted."""
        authority: str = environ.get("HTTP_HOST", "")
        if not authority:
            return
        host = host_of(authority)
        if host is None or not (self._is_local(host) or self._is_named(host, environ.get("wsgi.url_scheme"))):
            raise HostNotAllowed(host=authority)

    def _is_local(self, host: str) -> bool:
        if _is_address(host) or _SINGLE_LABEL.fullmatch(host):
            return True
        name = host.removesuffix(".")
        return any(name == domain or name.endswith(f".{domain}") for domain in self._local)

    def _is_named(self, host: str, scheme: str | None) -> bool:
        name = host.removesuffix(".")
        return name in self._allowed or (name == self._certified and scheme == "https")


def _is_address(host: str) -> bool:
    """Whether a host is an IP address: [::1], 127.0.0.1, and forms such as 127.1 and 0x7f.1."""
    labels = host.removesuffix(".").split(".")
    return host.startswith("[") or (len(labels) <= 4 and all(map(_NUMBER.fullmatch, labels)))
