"""Parses the JSON text of requests, fixtures and states. Every value that it returns can be written as JSON again."""

from collections.abc import Iterable, Iterator
from gc import is_tracked
from itertools import chain
from typing import Any

import orjson

_CONTAINERS = (dict, list)
_WIDE = 1000
"""From this many containers in one level, counting the brackets of the text is faster than examining them."""


class JsonTextError(ValueError):
    """The text is not JSON or nests too deep. The message gives the position or the limit."""


def parse(text: bytes, most_levels: int) -> Any:
    """The value of a JSON text in UTF-8. An empty object or list is one level.

    An integer of more than 64 bits becomes the nearest float. The schemas limit every integer of the contract.
    Raises JsonTextError for any other text, for example one with NaN, a number beyond the range of a double, a lone
    surrogate, or more than most_levels levels.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        reason = _reason(text, error, most_levels)
    else:
        if not nests_deeper(value, text, most_levels):
            return value
        reason = _too_deep(most_levels)
    # Not in the except clause: orjson's error, as the context of this one, would keep the whole text in memory.
    raise JsonTextError(reason)


def _reason(text: bytes, error: orjson.JSONDecodeError, most_levels: int) -> str:
    try:
        text.decode()
    except UnicodeDecodeError as undecodable:
        return f"not UTF-8: {undecodable.reason} at byte {undecodable.start}"
    # orjson has its own limit, 1024.
    return _too_deep(most_levels) if "depth limit" in str(error) else f"not JSON: {error}"


def _too_deep(most_levels: int) -> str:
    return f"nested too deep: more than {most_levels} objects and lists inside each other"


def nests_deeper(value: Any, text: bytes, most_levels: int) -> bool:
    """Whether a value has more levels than this.

    This must be fast for 5000 flat objects, so it avoids examining them. Up to Python 3.13, the garbage collector does
    not track an object that contains no containers, and is_tracked is fast. In a wide level of tracked containers, the
    number of opening brackets in the text minus the containers seen so far is an upper bound of those below.
    """
    level = [value] if isinstance(value, _CONTAINERS) else []
    seen = 0
    for depth in range(1, most_levels):
        seen += len(level)
        if len(level) > _WIDE and text.count(b"{") + text.count(b"[") - seen + depth <= most_levels:
            return False
        level = list(filter(is_tracked, _items(level)))
        if not level:
            return False
    return any(isinstance(item, _CONTAINERS) for item in _items(level))


def _items(level: Iterable[Any]) -> Iterator[Any]:
    return chain.from_iterable(container.values() if isinstance(container, dict) else container for container in level)
