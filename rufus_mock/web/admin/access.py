"""Protects the admin API from pages that are open in a browser on the same machine, and checks the token."""

import hmac
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Headers

from ...base.errors import CrossOrigin, MissingAdminToken
from .hosts import Hosts

_OWN_SITES = {"same-origin", "none"}


class AdminAccess:
    """Checks the origin, the host and the token of a request to the admin API."""

    def __init__(self, token: str | None, hosts: Hosts) -> None:
        self._token = token.encode(errors="surrogateescape") if token else None
        self._hosts = hosts

    def check_host(self, environ: Mapping[str, Any]) -> None:
        """Raises HostNotAllowed for a host that public DNS can name, unless it is allowed."""
        self._hosts.check(environ)

    def check_origin(self, headers: Headers) -> None:
        """Raises CrossOrigin for a request that a browser sends for a page of another origin."""
        origin = headers.get("Origin")
        # Compared as text: an origin need not be a URL ("null").
        if origin is not None and origin.partition("://")[2].lower() != headers.get("Host", "").lower():
            raise CrossOrigin
        if headers.get("Sec-Fetch-Site", "none").lower() not in _OWN_SITES:
            raise CrossOrigin

    def check_token(self, headers: Headers) -> None:
        """Raises MissingAdminToken if a token is required and the request does not send it."""
        if self._token is None:
            return
        scheme, _, credentials = headers.get("Authorization", "").partition(" ")
        sent = credentials.strip(" ").encode("utf-8", "replace")
        if scheme.lower() != "bearer" or not hmac.compare_digest(sent, self._token):
            raise MissingAdminToken
