"""How values and requests look to a person."""

import json
import shlex
from collections.abc import Iterable
from typing import Any

from ...client import Reply

_LONGEST = 100
_LONGEST_BODY = 400


def described(value: Any) -> str:
    """A value as JSON, cut short."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def pointer(path: Iterable[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def curl(reply: Reply, header: str, key: str | None) -> str:
    """The request as a line for a shell. `key` is shown as it is given: give it masked."""
    parts = ["curl"]
    if reply.method != "GET":
        parts += ["-X", reply.method]
    if key is not None:
        parts += ["-H", shlex.quote(f"{header}: {key}")]
    if reply.sent is not None:
        sent = reply.sent if len(reply.sent) <= _LONGEST_BODY else reply.sent[:_LONGEST_BODY] + "…"
        parts += ["-H", "'Content-Type: application/json'", "--data-raw", shlex.quote(sent)]
    return " ".join([*parts, shlex.quote(reply.url)])
