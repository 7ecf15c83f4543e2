"""How a value and a place in a body appear in a message."""

import json
from collections.abc import Iterable
from typing import Any

_LONGEST = 100


def described(value: Any) -> str:
    """A value as JSON, cut short."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def pointer(path: Iterable[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)
