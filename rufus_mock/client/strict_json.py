"""Reads the JSON of an answer as strictly as the strictest client would: RFC 8259, and nothing beyond."""

import json
import math
import re
from typing import Any

from ..base.json_text import nests_deeper

MOST_LEVELS = 100
LONGEST_NUMBER = 100
"""The deepest nesting and the most digits of a number. The answers of the API have 4 levels, and short numbers."""

_MAYBE_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse(content: bytes) -> Any:
    """The value of a JSON text in UTF-8. Integers keep all their digits.

    Raises ValueError for any other text: another encoding, a byte order mark, NaN, a number beyond the range of a
    double or of more than LONGEST_NUMBER digits, a name that an object has twice, a lone surrogate, or too many levels.
    """
    text = content.decode()
    try:
        value = json.loads(
            text, parse_int=_integer, parse_float=_float, parse_constant=_constant, object_pairs_hook=_object
        )
    except RecursionError:
        deep = True
    else:
        deep = nests_deeper(value, content, MOST_LEVELS)
    if deep:
        raise ValueError(f"nested too deep: more than {MOST_LEVELS} objects and lists inside each other")
    if _MAYBE_LONE_SURROGATE.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("a text contains half of a surrogate pair") from None
    return value


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > LONGEST_NUMBER or not math.isfinite(value):
        raise ValueError(f"a number of {len(digits)} characters, or beyond the range of a double")
    return value


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has the name {twice[:40]!a} twice")
    return found
