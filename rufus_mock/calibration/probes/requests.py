"""Requests that are unusual or wrong, and what is not a path of the API. All of them only read."""

from ...contract.session.errors import CannotGoOn
from ..laboratory.answer import Answer
from ..laboratory.lab import MALFORMED, Lab
from ..laboratory.material import Material
from ..laboratory.probe import probe
from ..laboratory.subject import text

GATEWAY = "Missing Authentication Token"

_UNKNOWN = {"rufus_mock": "1"}


@probe("requests.unknown-query")
def unknown_query(lab: Lab, _: Material) -> None:
    for control, answer in (
        (lab.unknown_session, lab.ask("getSession", lab.nobody, **_UNKNOWN)),
        (lab.devices, lab.ask("listDevices", **_UNKNOWN)),
    ):
        _refused_or_ignored(lab, "requests.unknown-query", control, answer)
        lab.named("unknown-query", answer, refusal=True)


@probe("requests.query-value")
def query_value(lab: Lab, _: Material) -> None:
    for query in ({"page": "abc"}, {"limit": "abc"}):
        answer = lab.ask("listDevices", **query)
        _refused_or_ignored(lab, "requests.query-value", lab.devices, answer)
        lab.named("invalid-query", answer, refusal=True)


@probe("requests.path-identifier")
def path_identifier(lab: Lab, _: Material) -> None:
    answer = lab.ask("getSession", MALFORMED)
    if answer.status == 400:
        lab.saw("requests.path-identifier", ["400"], lab.named("malformed-identifier", answer))
    else:
        lab.saw("requests.path-identifier", ["404"] if answer.is_like(lab.unknown_session) else [], answer)


@probe("requests.identifier-case")
def identifier_case(lab: Lab, material: Material) -> None:
    deviceid = material.any_device
    if deviceid.lower() == deviceid:
        raise CannotGoOn("a device whose deviceid has letters")
    answer = lab.ask("getDevice", deviceid.lower())
    row = answer.only_row()
    if row is not None:
        same = (text(row, "deviceid") or "").upper() == deviceid
        lab.saw("requests.identifier-case", ["accepted"] if same else [], answer)
    else:
        lab.saw("requests.identifier-case", ["unknown"] if answer.is_like(lab.unknown_device) else [], answer)


@probe("requests.unknown-path")
def unknown_path(lab: Lab, _: Material) -> None:
    _no_such_call(lab, "requests.unknown-path", lab.unknown_path, {404: "404"})


@probe("requests.wrong-method")
def wrong_method(lab: Lab, _: Material) -> None:
    answer = lab.target.send("GET", "/sessions/close/{token_session}", {"token_session": lab.nobody})
    _no_such_call(lab, "requests.wrong-method", lab.named("wrong-method", answer), {405: "405", 404: "404"})


@probe("requests.extra-slashes")
def extra_slashes(lab: Lab, _: Material) -> None:
    answer = lab.target.send("GET", "/sessions/{token_session}/", {"token_session": lab.nobody})
    without, nowhere = answer.is_like(lab.unknown_session), answer.is_like(lab.unknown_path)
    fits = [name for name, is_so in (("ignored", without), ("significant", nowhere)) if is_so]
    lab.saw("requests.extra-slashes", fits, answer)


def _no_such_call(lab: Lab, id: str, answer: Answer, statuses: dict[int, str]) -> None:
    """A status, or the 403 of a gateway, which is known by its message."""
    if answer.status == 403:
        lab.saw(id, ["gateway-403"] if GATEWAY in answer.content else [], answer)
    else:
        lab.saw_status(id, answer, statuses)


def _refused_or_ignored(lab: Lab, id: str, control: Answer, answer: Answer) -> None:
    """A 400, or the answer to the same request without what is wrong."""
    if control.status == 400:
        raise CannotGoOn("a target that answers the request without the parameter")
    if answer.status == 400:
        lab.saw(id, ["refused"], answer)
    else:
        lab.saw(id, ["ignored"] if _same_answer(control, answer) else [], answer, control)


def _same_answer(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same but for details that may change between them."""
    rows, others = one.rows(), other.rows()
    if rows is not None and others is not None:
        return [text(row, "deviceid") for row in rows] == [text(row, "deviceid") for row in others]
    return one.is_like(other)
