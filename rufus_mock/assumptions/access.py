"""What a request gets without a key, with an unknown one, or for what another company owns."""

from collections.abc import Mapping

from .statement import Statement, always

MISSING_KEY = Statement("access.missing-key", {"400": always(400), "401": always(401), "403": always(403)})

UNKNOWN_KEY = Statement("access.unknown-key", {"403": always(403), "401": always(401)})

ERROR_STATUSES: Mapping[str, Statement[[], int]] = {"MissingApiKey": MISSING_KEY, "UnknownApiKey": UNKNOWN_KEY}
"""The statement that decides the status of an error, by the name of the error."""
