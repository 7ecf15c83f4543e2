"""A request on its way through the pipeline, and what is found out about it."""

import time
from typing import Any

from flask import Request, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ...assumptions import Assumptions, trace
from ...base.errors import (
    ApiError,
    BadRequest,
    ContentTooLarge,
    MissingApiKey,
    UnknownApiKey,
    UnsupportedMediaType,
    WrongAccessType,
)
from ...spec.validation import Problem, bad_request
from ...world import Company
from ...world.faults import Strike

_DISCARDED = 4
"""A body that is too large is still received if it is at most this many times as large as allowed."""

EXPLANATION = "x-rufus-mock-assumptions"
"""The header of an answer that explains it."""

_CHUNK = 64 * 1024
_REFUSALS = (BadRequest, ContentTooLarge, MissingApiKey, UnknownApiKey, UnsupportedMediaType, WrongAccessType)
REROUTED = "rufus_mock.rerouted"
"""In the environment of a request whose path had extra slashes: its trace has begun already."""


class Exchange:
    """A request and what the steps of the pipeline have found out about it.

    operation: the operationId; None if no operation has the request's path and method. company: whose key
    the request has. assumptions: the company's, or the server's until the company is known. before: a copy of the
    company before the operation, if other variants have to be tried. body: None until it is read. exceeded: the limit
    of the server that the body exceeds. instead: the answer that replaces the operation's. strike: the fault that
    affects the request. refusal: the name of the error with which the contract refuses the request; problems: what that
    error lists. The error itself is not kept: its traceback leads back to this object, and such a cycle would keep the
    body in memory until the garbage collector runs. trace: the assumptions that matter for the request.
    """

    company: Company | None = None
    before: Company | None = None
    body: bytes | None = None
    exceeded: int | None = None
    instead: Response | None = None
    strike: Strike | None = None
    refusal: str | None = None
    problems: list[dict[str, Any]] | None = None

    def __init__(self, environ: dict[str, Any], assumptions: Assumptions, operation: str | None = None) -> None:
        self.trace = trace.begin() if REROUTED not in environ else trace.current.trace or trace.begin()
        self.started = time.perf_counter()
        self.environ = environ
        self.assumptions = assumptions
        self.operation = operation

    def belongs_to(self, company: Company | None) -> Assumptions:
        """Note which company's key the request has. Returns the assumptions that the request follows from now on."""
        if company is not None:
            self.company, self.assumptions = company, company.assumptions
        return self.assumptions

    def note(self, error: ApiError) -> None:
        """Note an error if it says that the request does not follow the contract."""
        if isinstance(error, _REFUSALS):
            self.refusal = type(error).__name__
            self.problems = error.fields.get("errors")

    def explain(self, response: Response) -> None:
        """Add a header with the ids of the assumptions that the answer, or the state after it, depends on."""
        response.headers[EXPLANATION] = ", ".join(self.mattered())

    def mattered(self) -> tuple[str, ...]:
        """The ids of the assumptions whose other variants would have changed the answer, or the state after it."""
        noted, later = self.noted(), self.trace.later
        if later is not None and self.instead is None:
            noted = (*noted, *later(self.body or b"", self._answer_arrives))
        return tuple(sorted(set(noted)))

    def noted(self) -> tuple[str, ...]:
        """Those of `mattered` that are known without reading the body again."""
        # A GET changes no state, whatever a statement that matters to other operations too would change there.
        lost = not self._answer_arrives and self.environ["REQUEST_METHOD"] == "GET"
        return () if self.instead is not None or lost else self.trace.ids(self._answer_arrives)

    def for_journal(self) -> tuple[tuple[str, ...], trace.Later | None]:
        """The ids of `mattered`, or some of them and what finds out the others from the body."""
        if self.instead is None and self.strike is None:
            return tuple(self.trace.noted), self.trace.later
        if self.instead is not None or not self._answer_arrives:
            return self.mattered(), None
        return self.noted(), self.trace.later

    @property
    def _answer_arrives(self) -> bool:
        return self.strike is None or not self.strike.fault.effect.loses_answer


def read(request: Request) -> bytes:
    """The body as it was sent. Raises ContentTooLarge, and BadRequest for a body that ends early."""
    limit = request.max_content_length
    if limit is not None:
        # Werkzeug refuses a Content-Length over the limit, but silently cuts off a chunked body there. A limit that is
        # set on the request is also found faster than the one of the application.
        request.max_content_length = limit + 1 if request.content_length is None else limit
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        data = None
    except HTTPException as error:
        raise bad_request(Problem("body", "body", "", "a complete body", error.name)) from None
    if limit is not None and (data is None or len(data) > limit):
        _discard_rest(request, limit)
        raise ContentTooLarge(limit=limit)
    return data or b""


def _discard_rest(request: Request, limit: int) -> None:
    """Receive the rest of a body that is too large, if it is not huge.

    A server that closes the connection while the client is still sending resets it, and then the client may never see
    the answer. A client that waits for 100 Continue has not sent its body.
    """
    most = _DISCARDED * limit
    if "HTTP_EXPECT" in request.environ or (request.content_length or 0) > most:
        return
    stream = request.environ["wsgi.input"]
    while most > 0 and (data := stream.read(min(most, _CHUNK))):
        most -= len(data)


def is_below(path: str, base_path: str) -> bool:
    """Whether a path is `base_path` or below it: /__admin/health is below /__admin, /__adminx is not."""
    return path == base_path or path.startswith(f"{base_path}/")


def asked_url(request: Request, path: str) -> str:
    """A path as a URL of the server that the request names; the path alone if the request has no Host header."""
    return f"{request.scheme}://{request.host}{request.script_root}{path}" if request.host else path
