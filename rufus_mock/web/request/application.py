"""Flask without what the mock has no use for, and would pay for at each request or start: cookies, hosts, URLs.

In a Flask or Werkzeug that names these otherwise, the mock is slower and right.
"""

from collections.abc import Callable

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import NotFound
from werkzeug.routing import MapAdapter, Rule


class NoCookies(SessionInterface):
    """The API has no cookies: none are looked for, and no session is made up."""

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002
        return _NO_SESSION


_NO_SESSION = NullSession()


class OneWayRule(Rule):
    """A route that is only matched: the code that would build URLs of it takes long to compile."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: ARG002
        return _build_nothing


def _build_nothing(*_: object) -> tuple[str, str]:
    raise NotImplementedError("URLs are not built from routes here")


class Application(Flask):
    """Routes by path and method alone, whatever host was asked."""

    session_interface = NoCookies()
    url_rule_class = OneWayRule

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        if request.environ["PATH_INFO"].startswith("//"):
            raise NotFound  # Werkzeug would take //v0/devices for /v0/devices
        return MapAdapter(self.url_map, "", "/", "", "http", request.path, request.method)
