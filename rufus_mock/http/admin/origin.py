"""Who may command the mock: not the pages that happen to be open in a browser on the same machine."""

import hmac
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from ...errors import CrossOrigin, MissingAdminToken

_OWN_SITES = {"same-origin", "none"}


class Doorkeeper:
    """Lets a request to the admin API through, or says why not."""

    def __init__(self, token: str | None) -> None:
        self._authorization = f"Bearer {token}".encode() if token else None

    def refuse_pages(self, headers: Headers) -> None:
        """Raises CrossOrigin for what a browser sends on behalf of a page of another origin."""
        origin = headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("Host"):
            raise CrossOrigin
        if headers.get("Sec-Fetch-Site", "none").lower() not in _OWN_SITES:
            raise CrossOrigin

    def demand_token(self, headers: Headers) -> None:
        """Raises MissingAdminToken where there is a token and the request has another, or none."""
        if self._authorization is None:
            return
        sent = headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(sent, self._authorization):
            raise MissingAdminToken
