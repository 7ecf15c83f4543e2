"""What a fault makes of an answer: another one, half of one, a late one, none."""

import random
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, cast

import orjson
from flask import Response

from ...base.errors import Withheld
from ...world.faults import Faults, Strike
from ...world.holds import Hold
from .answers import JSON, Renderer

_GARBAGE = 64
"""Bytes at least."""


class Delivery:
    """A WSGI body that a server must treat with care: it is kept back by a hold, or ends before its Content-Length.

    The gateway keeps it back without a thread. Any other server is made to wait, in the iteration.
    """

    def __init__(self, data: bytes, hold: Hold | None, cut: bool) -> None:
        self.data = data
        self.hold = hold
        self.cut = cut

    def __iter__(self) -> Iterator[bytes]:
        if self.hold is not None:
            self.hold.wait()
        yield self.data


class Faulted(Response):
    """A response that goes out late, or in part."""

    hold: Hold | None = None
    cut = False

    @classmethod
    def of(cls, response: Response) -> "Faulted":
        """The same response, as one that can go out late or in part."""
        return cast(Faulted, cls.force_type(response))

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        data = b"".join(super().__call__(environ, start_response))
        return Delivery(data[: len(data) // 2] if self.cut else data, self.hold, self.cut)


def faulted(strike: Strike, response: Response, faults: Faults, renderer: Renderer) -> Response:
    """The response that a strike makes of a response. renderer renders the errors of the mock's own."""
    fault = strike.fault
    if fault.answer == "never":
        made = Faulted.of(renderer.error(Withheld()))
        made.hold = faults.hold(fault, None)
        return made
    if fault.status is not None:
        response = _instead(fault.status, fault.described)
    elif fault.answer == "empty":
        response.set_data(b"")
    elif fault.answer == "garbage":
        # No JSON and no UTF-8: the first byte is neither.
        size = max(len(response.get_data()), _GARBAGE)
        response.set_data(b"\xff" + random.Random(strike.seed).randbytes(size - 1))
    made = Faulted.of(response)
    if fault.answer == "cut":
        made.cut = True
        made.headers["Content-Length"] = str(len(made.get_data()))
    if strike.latency:
        made.hold = faults.hold(fault, strike.latency)
    return made


def _instead(status: int, described: Any) -> Response:
    if "text" in described:
        response = Response(described["text"], status, content_type="text/plain; charset=utf-8")
    else:
        response = Response(orjson.dumps(described.get("body", _reason(status))), status, content_type=JSON)
    for name, value in described.get("headers", {}).items():
        response.headers[name] = value
    return response


def _reason(status: int) -> dict[str, str]:
    try:
        return {"description": HTTPStatus(status).phrase}
    except ValueError:
        return {"description": f"Status {status}"}
