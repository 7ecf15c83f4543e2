"""rufus-mock healthcheck: is the mock that the environment describes ready? The image's HEALTHCHECK.

Docker asks every few seconds, so this imports next to nothing: neither click nor http.client, and ssl for TLS alone.
"""

import os
import socket
import sys

from .process import fail

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8080
PATH = "/__admin/ready"
TIMEOUT = 3.0

UNHEALTHY = 1
"""The exit status of a check that failed. Docker reserves all but 0 and 1."""

_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_TRUE = {"1", "true", "t", "yes", "y", "on"}  # what click takes for an option without a value


class Unhealthy(Exception):
    """The mock is not ready. The message says what was asked and what came."""


def main() -> None:
    """Ask the mock that the variables of serve describe; end with 0 if it is ready, else with 1."""
    host = os.environ.get("RUFUS_MOCK_HOST") or DEFAULT_HOST
    port = os.environ.get("RUFUS_MOCK_PORT") or str(DEFAULT_PORT)
    try:
        print(check(host, port, tls=_given("RUFUS_MOCK_TLS"), admin=not _given("RUFUS_MOCK_NO_ADMIN")))
    except Unhealthy as error:
        fail(str(error))
        sys.exit(UNHEALTHY)


def check(host: str, port: str, *, tls: bool, admin: bool) -> str:
    """What to say of a mock that is ready. Raises Unhealthy."""
    expected = "200" if admin else "404"  # without an admin API an answer must do
    host = _LOOPBACK.get(host, host)
    url = f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        status = _status(host, port, tls)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have
        reason = getattr(error, "strerror", None) or error
        raise Unhealthy(
            f"{url}{PATH}: no answer: {reason}. This asks where RUFUS_MOCK_HOST, RUFUS_MOCK_PORT "
            "and RUFUS_MOCK_TLS say; it does not see the options of serve."
        ) from error
    if status != expected:
        raise Unhealthy(f"{url}{PATH}: expected {expected}, found {status or 'no HTTP'}")
    return f"{url} is ready"


def _given(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() in _TRUE


def _status(host: str, port: str, tls: bool) -> str:
    """The status of the answer, in either dialect and whatever its body; "" for what is no HTTP."""
    with socket.create_connection((host, port), TIMEOUT) as connection:
        if tls:
            connection = _unverified(connection)
        connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while b"\r\n" not in answer and (part := connection.recv(1024)):
            answer += part
    version, _, rest = answer.decode("latin-1").partition(" ")
    return rest[:3] if version.startswith("HTTP/") else ""


def _unverified(connection: socket.socket) -> socket.socket:
    """The connection in TLS. The mock's authority need not be known here: who answers on loopback is the mock."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection)
