"""What is noted of a request while it is answered, for the journal."""

import time
from typing import Any

from flask import Request

from ...base.errors import ApiError, BadRequest, ContentTooLarge, MissingApiKey, UnknownApiKey, WrongAccessType
from ...world import Company
from ...world.faults import Strike

_EXCHANGE = "rufus_mock.exchange"
_REFUSALS = (BadRequest, ContentTooLarge, MissingApiKey, UnknownApiKey, WrongAccessType)


class Exchange:
    """A request under way: whose it is, what it asks for, why the contract refuses it, which fault struck it.

    body is None as long as nobody has read it. refusal is the name of the error by which the contract refuses the
    request, problems what that error lists. Not the error itself: its traceback leads back here, and such a cycle keeps
    the body until the garbage collector comes by.
    """

    __slots__ = ("body", "company", "operation", "problems", "refusal", "started", "strike")

    def __init__(self, operation: str | None = None) -> None:
        self.operation = operation
        self.company: Company | None = None
        self.body: bytes | None = None
        self.refusal: str | None = None
        self.problems: list[dict[str, Any]] | None = None
        self.strike: Strike | None = None
        self.started = time.perf_counter()

    @classmethod
    def begin(cls, environ: dict[str, Any], operation: str) -> "Exchange":
        """The note of a request that has an operation; in its environment from now on."""
        exchange = environ[_EXCHANGE] = cls(operation)
        return exchange

    @classmethod
    def of(cls, environ: dict[str, Any]) -> "Exchange":
        """The note of a request; an empty one for a request that has no operation."""
        return environ.get(_EXCHANGE) or cls()

    def read(self, request: Request) -> bytes:
        """The body as it came. Raises ContentTooLarge."""
        self.body = read(request)
        return self.body

    def failed(self, error: ApiError) -> None:
        """Note an error, if it says that the request is not as the contract has it."""
        if isinstance(error, _REFUSALS):
            self.refusal = type(error).__name__
            self.problems = error.fields.get("errors")


def read(request: Request) -> bytes:
    """The body as it came. Raises ContentTooLarge."""
    limit = request.max_content_length
    if limit is not None and request.content_length is None:
        # Werkzeug refuses a Content-Length over the limit, but cuts a chunked body off there without a word.
        request.max_content_length = limit + 1
    data = request.get_data(cache=False)
    if limit is not None and len(data) > limit:
        raise ContentTooLarge(limit=limit)
    return data


def asked_url(request: Request, path: str) -> str:
    """A path as a URL of the server that the request names; the path alone if the request has no Host header."""
    return f"{request.scheme}://{request.host}{request.script_root}{path}" if request.host else path
