"""rufus-mock healthcheck: checks that the mock configured by the environment is ready. The image's HEALTHCHECK.

Docker runs this every few seconds, so it imports as little as possible: not click, not http.client, and ssl only for
TLS.
"""

import os
import socket
import sys
import time

from ..base.defaults import HOST, PORT
from ..base.process import fail

PATH = "/__admin/ready"
TIMEOUT = 3.0
_LONGEST_LINE = 4096

UNHEALTHY = 1
"""The exit status of a failed check. Docker allows only 0 and 1."""

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_TRUE = {"1", "true", "t", "yes", "y", "on"}  # the values that click accepts for a flag


class Unhealthy(Exception):
    """The mock is not ready. The message says what was requested, expected and found."""


def main() -> None:
    """Check the mock configured by the environment variables of serve. Exit with 0 if it is ready, otherwise with 1."""
    host = os.environ.get("RUFUS_MOCK_HOST") or HOST
    port = os.environ.get("RUFUS_MOCK_PORT") or str(PORT)
    try:
        print(check(host, port, tls=_given("RUFUS_MOCK_TLS"), admin=not _given("RUFUS_MOCK_NO_ADMIN")))
    except Unhealthy as error:
        fail(str(error))
        sys.exit(UNHEALTHY)


def check(host: str, port: str, *, tls: bool, admin: bool) -> str:
    """Check a mock and return a message if it is ready. Raises Unhealthy if not."""
    expected = "200" if admin else "404"  # without the admin API, any response of the mock has to do
    host = _LOOPBACK.get(host, host)
    url = f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        status = _status(host, port, tls)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have
        reason = getattr(error, "strerror", None) or error
        raise Unhealthy(
            f"{url}{PATH}: no response: {reason}. The address comes from RUFUS_MOCK_HOST, RUFUS_MOCK_PORT and "
            "RUFUS_MOCK_TLS; options given to serve are not known here."
        ) from error
    if status != expected:
        raise Unhealthy(f"{url}{PATH}: expected {expected}, found {status or 'no HTTP'}")
    return f"{url} is ready"


def _given(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() in _TRUE


def _status(host: str, port: str, tls: bool) -> str:
    """The status code of the response, or "" if it is not an HTTP response. The body is ignored."""
    until = time.monotonic() + TIMEOUT
    with socket.create_connection((host, port), TIMEOUT) as connection:
        if tls:
            connection = _unverified(connection)
        connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while b"\r\n" not in answer and len(answer) < _LONGEST_LINE:
            connection.settimeout(max(until - time.monotonic(), 0.001))
            part = connection.recv(1024)
            if not part:
                break
            answer += part
    version, _, rest = answer.decode("latin-1").partition(" ")
    return rest[:3] if version.startswith("HTTP/") else ""


def _unverified(connection: socket.socket) -> socket.socket:
    """Wrap the connection in TLS without verification, because the check only connects to its own machine."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection)
