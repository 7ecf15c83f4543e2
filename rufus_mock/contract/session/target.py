"""The first requests to a target: is the API there, is the key accepted, which dialect does it speak, what may the run
write?"""

import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from ...client import KEY_HEADERS, Reply, reason, specification
from ...spec.dialects import OPENAPI, PAGES
from ..wording import described
from .connection import Connection
from .errors import CannotGoOn, CouldNotRun, TargetLost, Unanswered
from .exchange import Exchange

REFUSED = (400, 401, 403)


def check_url(base_url: str) -> None:
    """Raises CouldNotRun for what is no http URL, and for a name that does not resolve."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CouldNotRun(f"--base-url {base_url}: not a URL such as https://api.runonrufus.com/v0")
    try:
        port = parts.port
    except ValueError as error:
        raise CouldNotRun(f"--base-url {base_url}: {error}") from error
    try:
        socket.getaddrinfo(parts.hostname, port or parts.scheme, type=socket.SOCK_STREAM)
    except OSError as error:
        raise CouldNotRun(f"{parts.hostname}: the name does not resolve ({error.strerror or error})") from error


def look_at(connection: Connection) -> None:
    """Finds out the key header and the dialect. Raises CouldNotRun if this is not the API, or the key is refused."""
    replies = _accepted_greeting(connection)
    _check_that_it_is_the_api(connection.options.base_url, replies)
    if connection.dialect is None:
        dialects = [reply.dialect for reply in replies if reply.dialect]
        connection.dialect = OPENAPI if dialects.count(OPENAPI) > len(dialects) / 2 else PAGES


def _accepted_greeting(connection: Connection) -> list[Reply]:
    """The answers to the first requests, with the key in the header that the target reads."""
    first: list[Reply] = []
    for header in KEY_HEADERS:
        connection.header = header
        replies = _greet(connection)
        if any(reply.status not in REFUSED for reply in replies):
            return replies
        first = first or replies
    connection.header = KEY_HEADERS[0]
    raise CouldNotRun(_why_refused(connection, first[0]))


def _check_that_it_is_the_api(base_url: str, replies: Sequence[Reply]) -> None:
    first = replies[0]
    if all(300 <= reply.status < 400 for reply in replies):
        raise CouldNotRun(
            f"{base_url} answers {first.status} and points to {first.headers.get('Location')}: "
            "redirects are not followed, give that as --base-url"
        )
    if not any(reply.dialect for reply in replies):
        why = f" ({first.json_error})" if first.content_type == "application/json" and first.json_error else ""
        raise CouldNotRun(
            f"{first.url} answers {first.status} with {first.content_type or 'no Content-Type'} in the place of JSON"
            f"{why}: {described(first.content[:50])}. Is this the base URL of the API? The live one ends in /v0"
        )
    known = {answer.text for answer in specification().operations["getDevice"].errors.values()}
    texts = {str(reply.fields.get("description")) for reply in replies}
    if all(reply.status == 404 for reply in replies) and not known & texts:
        raise CouldNotRun(f"{first.url} answers 404: there is no API below this base URL. The live one ends in /v0")


def _greet(connection: Connection) -> list[Reply]:
    identifier = connection.fresh_identifier()
    try:
        return [
            connection.ask("listDevices").reply,
            connection.ask("getDevice", {"deviceid": identifier}).reply,
            connection.ask("getSession", {"token_session": identifier}).reply,
        ]
    except (TargetLost, Unanswered) as error:
        cause = error.__cause__.__cause__ if isinstance(error, TargetLost) and error.__cause__ else None
        why = reason(cause) if cause else str(error)
        raise CouldNotRun(f"{connection.options.base_url}: no answer: {connection.mask(why)}") from error


def _why_refused(connection: Connection, reply: Reply) -> str:
    if not connection.keys.reader:
        return "no key that may read: give --api-key or --read-key, or set RUFUS_API_KEY"
    text = reply.fields.get("description")
    says = f" {described(text)}" if text else ""
    return f"the key is refused: {reply.status}{says}. A key that may read is needed; try `rufus-mock doctor`"


def find_writer(connection: Connection) -> list[Exchange]:
    """Finds out which key may write and unbind, by identifiers that nobody has: 404 if it may, 403 if it may not.

    Turns writes off if no key may write. Returns the answers to writes with the WRITE key, for a check of its access.
    """
    try:
        return _tried_writes(connection)
    except CannotGoOn as error:
        connection.writes_off = f"it is not known which key may write: {error}"
        return []


def _tried_writes(connection: Connection) -> list[Exchange]:
    keys = connection.keys
    candidates = [key for key in dict.fromkeys((keys.api_key, keys.write_key, keys.unbind_key)) if key]
    if not candidates:
        connection.writes_off = "no key that may write: give --api-key or --write-key"
    writes = []
    for key in candidates:
        exchange = connection.ask("closeSession", {"token_session": connection.fresh_identifier()}, key=key)
        if key == keys.write_key:
            writes.append(exchange)
        if may(exchange):
            unbound = connection.ask("unbindDevice", {"deviceid": connection.fresh_identifier()}, key=key)
            if connection.writer is None or unbound.status == 404:
                connection.writer, connection.may_unbind = key, unbound.status == 404
        if connection.may_unbind:
            return writes
    if candidates and connection.writer is None:
        connection.writes_off = "no key that was given may write"
    return writes


def may(exchange: Exchange) -> bool:
    """Whether the key was accepted."""
    return exchange.status not in REFUSED
