"""Servers for the doctor to examine, and what it finds on them."""

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from rufus_mock.doctor import Doctor, Finding

UNKNOWN = "ror-00000000000000000000"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@contextmanager
def werkzeug(application: Application, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """An application on the server of `flask run`, which drops headers with an underscore in their name."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.port}/v0"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status: str, body: str | Callable[[dict[str, Any]], str], *headers: tuple[str, str]) -> Application:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(status, list(headers))
        return [(body if isinstance(body, str) else body(environ)).encode()]

    return application


JSON = ("Content-Type", "application/json")


def examined(url: str, api_key: str | None = None) -> dict[str, Finding]:
    findings = list(Doctor(url, api_key).findings())
    assert [finding.question for finding in findings] == list(Doctor.QUESTIONS)
    for finding in findings:
        assert api_key is None or api_key not in finding.text
        assert "\n" not in finding.text
    return {finding.question: finding for finding in findings}


def verdicts(findings: dict[str, Finding]) -> dict[str, str]:
    return {question: finding.verdict for question, finding in findings.items()}
