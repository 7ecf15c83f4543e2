"""Flask and Werkzeug without what the mock would pay for and does not need. bench/speedups.py measures each.

LazyRule relies on a private name of Werkzeug, `Rule._compile_builder`; a test fails if it disappears.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, appcontext_tearing_down, request, request_tearing_down
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.routing import MapAdapter, Rule

from .hosts import require_host


class LazyRule(Rule):
    """A rule that compiles the code that builds its URLs when it builds the first one.

    The mock builds none, so creating an application takes half the time.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder

        def build(self: LazyRule, **values: Any) -> tuple[str, str]:
            compiled: tuple[str, str] = compile_now(append_unknown).__get__(self, None)(**values)
            return compiled

        return build


class Application(Flask):
    """Matches requests by path and method alone, and looks for hooks only if there are any.

    Werkzeug would compare the host with the server's name, and would take //v0/devices for /v0/devices.
    """

    url_rule_class = LazyRule

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        environ = request.environ
        if environ["PATH_INFO"].startswith("//"):
            raise NotFound
        host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        return MapAdapter(
            self.url_map, host, request.root_path or "/", "", request.scheme, request.path, request.method
        )

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Check the Host header, and call the hooks of before_request if there are any."""
        require_host(request.environ)
        return super().preprocess_request() if self.before_request_funcs else None

    def process_response(self, response: Response) -> Response:
        """Call the hooks of after_request if there are any. There is no session to save."""
        return super().process_response(response) if self.after_request_funcs else response

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Call the hooks and receivers at the end of a request if there are any."""
        if self.teardown_request_funcs or request_tearing_down.receivers:
            super().do_teardown_request(exc)

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """The same for the application context, which ends with the request."""
        if self.teardown_appcontext_funcs or appcontext_tearing_down.receivers:
            super().do_teardown_appcontext(exc)
