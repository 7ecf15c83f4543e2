"""Defects in the form of an answer: spaces, content type, envelope."""

import orjson
from flask import Response

from rufus_mock.spec.dialects import OPENAPI
from tests.contract.mutants.mutant import add
from tests.contract.mutants.spoiling import raw


def _spaced(response: Response) -> None:
    response.set_data(response.get_data().replace(b'":"', b'": "'))


add("json_has_spaces", "insertSession", "compact-json", raw("insertSession", _spaced))


add(
    "json_is_called_text",
    "getSession",
    "200 SessionInfo",
    raw("getSession", lambda r: setattr(r, "content_type", "text/plain")),
)


def _unwrapped(response: Response) -> None:
    response.set_data(orjson.dumps(orjson.loads(response.get_data())["body"]))


add(
    "one_answer_has_no_envelope",
    "getSession",
    "200 SessionInfo",
    raw("getSession", _unwrapped, lambda s: s == 200),
    dialect=OPENAPI,
)
