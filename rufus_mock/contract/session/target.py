"""The first requests to a target: is the API there, does the key open it, which dialect does it speak, what may be
written?"""

import socket
from urllib.parse import urlsplit

from ...client import KEY_HEADERS, NoAnswer, Reply, reason, specification
from ...dialects import OPENAPI, PAGES
from ..explore.explorer import CannotGoOn
from ..judge.wording import described
from ..run import Run, TargetLost
from ..subject.model import DeviceModel

REFUSED = (400, 401, 403)


class CouldNotRun(Exception):
    """The run cannot begin. The message is one line that says why, and what to do."""


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


def look_at(run: Run) -> None:
    """Find out key header and dialect. Raises CouldNotRun."""
    replies = _greet(run)
    if all(reply.status in REFUSED for reply in replies):
        for header in KEY_HEADERS[1:]:
            run.header = header
            others = _greet(run)
            if any(reply.status not in REFUSED for reply in others):
                replies = others
                break
        else:
            run.header = KEY_HEADERS[0]
            raise CouldNotRun(_why_refused(run, replies[0]))
    first = replies[0]
    if all(300 <= reply.status < 400 for reply in replies):
        raise CouldNotRun(
            f"{run.options.base_url} answers {first.status} and points to {first.headers.get('Location')}: "
            "redirects are not followed, give that as --base-url"
        )
    dialects = [reply.dialect for reply in replies if reply.dialect]
    if not dialects:
        raise CouldNotRun(
            f"{first.url} answers {first.status} with {first.content_type or 'no Content-Type'} in the place of JSON: "
            f"{described(first.content[:50])}. Is this the base URL of the API? The live one ends in /v0"
        )
    texts = {answer.text for answer in specification().operations["getDevice"].errors.values()}
    described_by = [reply.fields.get("description") for reply in replies]
    if all(reply.status == 404 for reply in replies) and not texts & set(map(str, described_by)):
        raise CouldNotRun(f"{first.url} answers 404: there is no API below this base URL. The live one ends in /v0")
    if run.dialect is None:
        run.dialect = OPENAPI if dialects.count(OPENAPI) > len(dialects) / 2 else PAGES
    run.coverage.settle(run.dialect)


def _greet(run: Run) -> list[Reply]:
    identifier = run.fresh_identifier()
    try:
        return [
            run.ask("listDevices").reply,
            run.ask("getDevice", {"deviceid": identifier}).reply,
            run.ask("getSession", {"token_session": identifier}).reply,
        ]
    except TargetLost as error:
        cause = error.__cause__.__cause__ if isinstance(error.__cause__, NoAnswer) else None
        why = reason(cause) if cause else str(error)
        raise CouldNotRun(f"{run.options.base_url}: no answer: {run.mask(why)}") from error


def _why_refused(run: Run, reply: Reply) -> str:
    if not run.keys.reader:
        return "no key that may read: give --api-key or --read-key, or set RUFUS_API_KEY"
    body = reply.fields
    text = body.get("description") if isinstance(body, dict) else None
    says = f" {described(text)}" if text else ""
    return f"the key is refused: {reply.status}{says}. A key that may read is needed; try `rufus-mock doctor`"


def prepare_writes(run: Run) -> None:
    """Find out which key may write, and unbind, by things that nobody has: a 404 lets it, a 403 does not."""
    keys = run.keys
    candidates = [key for key in dict.fromkeys((keys.api_key, keys.write_key, keys.unbind_key)) if key]
    if not candidates:
        run.writes_off = "no key that may write: give --api-key or --write-key"
        return
    for key in candidates:
        exchange = run.ask("closeSession", {"token_session": run.fresh_identifier()}, key=key)
        writes = exchange.reply.status not in REFUSED
        if key == keys.write_key:
            run.status_rule(exchange, "access", writes, "a WRITE key may")
        if not writes:
            continue
        exchange = run.ask("unbindDevice", {"deviceid": run.fresh_identifier()}, key=key)
        if run.writer is None or exchange.reply.status == 404:
            run.writer, run.may_unbind = key, exchange.reply.status == 404
        if run.may_unbind:
            return
    if run.writer is None:
        run.writes_off = "no key that was given may write"


def recognise(run: Run, device: DeviceModel) -> None:
    """Is this device the run's own? Turns writes off where that cannot be told."""
    exchange = run.ask("getDevice", {"deviceid": device.deviceid})
    body = exchange.reply.fields
    result = body.get("result")
    result = result[0] if isinstance(result, list) and result else result
    signs = {device.described["alias"], device.described["serial_number"]}
    if not isinstance(result, dict) or not signs & {result.get("alias"), result.get("serial_number")}:
        run.writes_off = "the run cannot tell which device is its own: what bindDevice named is not to be read as it"
        raise CannotGoOn(run.writes_off)
