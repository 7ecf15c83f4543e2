"""Who may command the mock: not the pages that happen to be open in a browser on the same machine."""

import hmac
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Headers

from ...base.errors import CrossOrigin, MissingAdminToken
from .hosts import Hosts

_OWN_SITES = {"same-origin", "none"}


class Doorkeeper:
    """Lets a request to the admin API through, or says why not."""

    def __init__(self, token: str | None, hosts: Hosts) -> None:
        self._token = token.encode(errors="surrogateescape") if token else None
        self._hosts = hosts

    def refuse_public_hosts(self, environ: Mapping[str, Any]) -> None:
        """Raises HostNotAllowed for a host that public DNS can name, unless it is allowed."""
        self._hosts.refuse_public(environ)

    def refuse_pages(self, headers: Headers) -> None:
        """Raises CrossOrigin for what a browser sends on behalf of a page of another origin."""
        origin = headers.get("Origin")
        # Compared as text: an origin need not be a URL ("null").
        if origin is not None and origin.partition("://")[2].lower() != headers.get("Host", "").lower():
            raise CrossOrigin
        if headers.get("Sec-Fetch-Site", "none").lower() not in _OWN_SITES:
            raise CrossOrigin

    def demand_token(self, headers: Headers) -> None:
        """Raises MissingAdminToken where there is a token and the request has another, or none."""
        if self._token is None:
            return
        scheme, _, credentials = headers.get("Authorization", "").partition(" ")
        sent = credentials.strip(" ").encode("utf-8", "replace")
        if scheme.lower() != "bearer" or not hmac.compare_digest(sent, self._token):
            raise MissingAdminToken
