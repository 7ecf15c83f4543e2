"""How requests are read: unknown fields and parameters, other content types, malformed identifiers, unknown paths."""

from collections.abc import Callable

from ..base.errors import (
    ApiError,
    ContentTooLarge,
    MethodNotAllowed,
    MissingAuthenticationToken,
    PathNotFound,
    UnsupportedMediaType,
)
from ..spec.dialects import Schema
from ..spec.validation import Problem, bad_request
from .constraints import closed, opened
from .statement import Statement, always

UNKNOWN_FIELDS = Statement[[Schema], Schema](
    "requests.unknown-fields", {"ignored": opened, "refused": closed}, tried=True
)
"""The schema of a body."""

UNKNOWN_QUERY = Statement("requests.unknown-query", {"ignored": always(False), "refused": always(True)}, tried=True)

QUERY_VALUE = Statement("requests.query-value", {"refused": always(True), "ignored": always(False)}, tried=True)

PATH_IDENTIFIER = Statement("requests.path-identifier", {"404": always(False), "400": always(True)}, tried=True)


def _same(identifier: str) -> str:
    return identifier


IDENTIFIER_CASE = Statement[[str], str](
    "requests.identifier-case", {"unknown": _same, "accepted": str.upper}, tried=True
)
"""The identifier that one with lower-case digits stands for."""


def _unsupported(content_type: str) -> ApiError:  # noqa: ARG001
    return UnsupportedMediaType()


def _wrong_header(content_type: str) -> ApiError:
    return bad_request(Problem("header", "Content-Type", "/Content-Type", "application/json", content_type))


CONTENT_TYPE = Statement[[], Callable[[str], ApiError] | None](
    "requests.content-type",
    {"ignored": always(None), "415": always(_unsupported), "400": always(_wrong_header)},
    tried=True,
)
"""What makes the error for a Content-Type other than JSON."""

UNKNOWN_PATH = Statement[[], type[ApiError]](
    "requests.unknown-path", {"404": always(PathNotFound), "gateway-403": always(MissingAuthenticationToken)}
)

WRONG_METHOD = Statement[[], type[ApiError]](
    "requests.wrong-method",
    {
        "405": always(MethodNotAllowed),
        "404": always(PathNotFound),
        "gateway-403": always(MissingAuthenticationToken),
    },
)


def _too_large(limit: int) -> ApiError:
    return ContentTooLarge(limit=limit)


def _bad_size(limit: int) -> ApiError:
    return bad_request(Problem("body", "body", "", f"at most {limit} bytes", "more"))


TOO_LARGE = Statement[[], Callable[[int], ApiError]](
    "requests.too-large", {"413": always(_too_large), "400": always(_bad_size)}, tried=True
)
"""What makes the error for a body that is larger than a limit."""

_MIB = 1024 * 1024
SMALL = 6 * _MIB
"""Bytes. No variant limits the size of smaller bodies."""


def _limit(mebibytes: int) -> Callable[[float, int], int | None]:
    def exceeded(size: float, most: int) -> int | None:
        limit = min(most, mebibytes * _MIB)
        return limit if size > limit else None

    return exceeded


BODY_LIMIT = Statement[[float, int], int | None](
    "requests.body-limit", {"16-mib": _limit(16), "10-mib": _limit(10), "6-mib": _limit(6)}, tried=True
)
"""The limit that a body of a size exceeds, or None. most: the limit of the server."""

EXTRA_SLASHES = Statement[[object, object], bool](
    "requests.extra-slashes",
    {"significant": lambda as_sent, cleaned: False, "ignored": lambda as_sent, cleaned: True},  # noqa: ARG005
    differs=lambda as_sent, cleaned: as_sent != cleaned,
)
"""Whether a path is routed without its extra slashes. as_sent and cleaned: what either path leads to."""
