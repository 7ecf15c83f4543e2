"""What a request gets without a key, with an unknown one, or for what another company owns."""

from collections.abc import Callable, Mapping
from typing import Any

from ..base.errors import TooManyRequests
from .statement import Refusal, Statement, always

Body = Mapping[str, Any] | str | None
"""The body of an error: its fields, a text that is sent as it is, or None for an empty one."""

MISSING_KEY = Statement("access.missing-key", {"400": always(400), "401": always(401), "403": always(403)})

UNKNOWN_KEY = Statement("access.unknown-key", {"403": always(403), "401": always(401)})

ERROR_STATUSES: Mapping[str, Statement[[], int]] = {"MissingApiKey": MISSING_KEY, "UnknownApiKey": UNKNOWN_KEY}
"""The statement that decides the status of an error, by the name of the error."""

OTHER_COMPANY = Statement("access.other-company", {"not-found": always(False), "forbidden": always(True)})
"""Whether a request that names what another company owns is refused."""


def _as_documented(fields: Body, text: str) -> Body:  # noqa: ARG001
    return fields


def _message(fields: Body, text: str) -> Body:  # noqa: ARG001
    return {"message": text}


def _error(fields: Body, text: str) -> Body:  # noqa: ARG001
    return {"error": text}


def _empty(fields: Body, text: str) -> Body:  # noqa: ARG001
    return None


def _captured(captured: str) -> Callable[[Body, str], Body]:
    return lambda fields, text: captured  # noqa: ARG005


_BODIES = {"description": _as_documented, "message": _message, "error": _error, "empty": _empty}

BODY_400 = Statement("access.body-400", _BODIES, captured=_captured)

BODY_403 = Statement("access.body-403", _BODIES, captured=_captured)

ERROR_BODIES: Mapping[int, Statement[[Body, str], Body]] = {400: BODY_400, 401: BODY_403, 403: BODY_403}
"""The statement that decides the body of a general error, by its status."""

GENERAL_ERRORS = {"BadRequest", "MissingApiKey", "UnknownApiKey", "WrongAccessType", "OtherCompany"}
"""The errors whose texts the vendor's pages leave open. Other errors keep their text, whatever their status is."""

FREE_REQUESTS = 50
"""So many requests of a company within one second are never limited."""

RATE_LIMIT = Statement[[], Refusal](
    "access.rate-limit",
    {"none": always(None), "50-per-second": always(TooManyRequests)},
    changes_state=True,  # a request that is refused changes nothing
)
"""For a request that is not among the first FREE_REQUESTS of its company within one second."""
