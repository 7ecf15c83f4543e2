"""Bodies and queries with one thing wrong: each is a 400, and nothing is stored."""

from typing import Any

from hypothesis import strategies as st

from ...client import specification
from ..explore.strategies import InvalidBody, invalid_bodies, passing_lists
from ..judge.exchange import JudgedExchange
from ..judge.statements import rule, state_rule
from ..reads.entries import numbers
from ..run import Run
from ..subject.material import Material, entry
from ..subject.writes import insertion, new_device, open_session
from .check import check
from .offering import offers

_WRONG_PARAMETER = rule("wrong-parameter")
_UNKNOWN_IGNORED = rule("unknown-fields-ignored")
_UNKNOWN_REFUSED = rule("unknown-fields-refused")
_ALL_OR_NOTHING = state_rule("all-or-nothing")


def _refused(exchange: JudgedExchange, invalid: InvalidBody) -> bool:
    """Whether the body gets a 400. That is documented for a missing field, and assumed for a wrong type."""
    if not invalid.missing:
        refused = exchange.against(_WRONG_PARAMETER).status_is(400, f"for {invalid.what}", f"#status {invalid.where}")
        if refused:
            exchange.is_error("BadRequest")
        return refused
    return exchange.is_error("BadRequest")


@check("bindDevice", writes=True)
def an_invalid_binding_is_refused(run: Run, material: Material) -> None:
    """Binding with a required field missing, or a field of a wrong type, is a 400"""
    material.require_writes()
    schema = run.contract.operations["bindDevice"].body or {}
    body = new_device(run, type="contract-test", firmware="1")
    for invalid in invalid_bodies(schema, body, keep=frozenset({"alias"})):
        if not invalid.missing and not run.may_unbind:
            continue  # If it were accepted, the device could not be removed.
        _refused(run.ask("bindDevice", body=invalid.body), invalid)


@check("insertSession", writes=True)
def an_invalid_opening_is_refused(run: Run, material: Material) -> None:
    """Opening a session with the deviceid missing, or a field of a wrong type, is a 400 and opens nothing"""
    device = material.playground()
    schema = run.contract.operations["insertSession"].body or {}
    for invalid in invalid_bodies(schema, {"deviceid": device.deviceid, "alias": "invalid"}):
        if not _refused(run.ask("insertSession", body=invalid.body), invalid):
            device.certain = False


@check("insertPassings", writes=True)
def invalid_passings_are_refused(run: Run, material: Material) -> None:
    """A list with a required field missing, or a field of a wrong type, is a 400 and stores nothing"""
    device = material.playground()
    schema = run.contract.operations["insertPassings"].body or {}
    session = open_session(run, device, "invalid")
    path = {"token_session": session.token_session}
    empty = run.ask("insertPassings", body=insertion(run, session.token_session, []))
    if empty.against(_WRONG_PARAMETER).status_is(400, "for an empty list", "#status /passings_list"):
        empty.is_error("BadRequest")
    known: set[str] = set()

    def spoil(entries: list[dict[str, Any]]) -> st.SearchStrategy[InvalidBody]:
        return st.sampled_from(invalid_bodies(schema, insertion(run, session.token_session, entries)))

    def holds(invalid: InvalidBody) -> None:
        valid = _valid_numbers(invalid)
        if valid & known:
            return  # An earlier list was stored in part, so this one is a repeat.
        exchange = run.ask("insertPassings", body=invalid.body)
        stored = run.ask("getSessionPassings", path)
        new = set(map(str, numbers(stored.body.entries_if_any()))) - known
        known.update(new)
        if exchange.status < 300 and new and new == valid:
            device.certain = False
            exchange.against(_ALL_OR_NOTHING).status_is(400, f"for a list {invalid.what}", f"#status {invalid.where}")
            return
        if not _refused(exchange, invalid):
            device.certain = False
            return
        expected = f"nothing stored of a list {invalid.what}"
        stored.against(_ALL_OR_NOTHING).nothing_more(sorted(new), expected, "/result")

    # Every invalid form of one list, then any form of any list.
    def forms(number: int) -> list[InvalidBody]:
        return invalid_bodies(schema, insertion(run, session.token_session, [entry(number, 0), entry(number + 1, 0)]))

    for index in range(0, len(forms(0)), 1 if run.affords(150) else 2):
        holds(forms(2 * index)[index])
    run.explore(passing_lists(3).flatmap(spoil), holds, run.few)


def _valid_numbers(invalid: InvalidBody) -> set[str]:
    """The num_passing of each valid entry of a list of which one is invalid."""
    place = invalid.where.split("/")
    if place[1:2] != ["passings_list"] or len(place) < 3:
        return set()
    return {
        str(passing["num_passing"])
        for index, passing in enumerate(invalid.body["passings_list"])
        if str(index) != place[2]
    }


@check("insertSession", "insertPassings", writes=True, only=("unknown-fields",))
def unknown_fields_are_ignored_or_refused(run: Run, material: Material) -> None:
    """Fields that the contract does not know are ignored; in the dialect openapi they are a 400 (both assumed)"""
    device = material.playground()
    session = open_session(run, device, "unknown fields")
    device.certain = False
    passing = {**entry(1, 0), "contract_test": 1}
    # Opening a session comes last, because it closes the session that takes the passing.
    for operation_id, body in (
        ("insertPassings", insertion(run, session.token_session, [passing])),
        ("insertSession", {"deviceid": device.deviceid, "contract_test": 1}),
    ):
        exchange = run.ask(operation_id, body=body)
        if not run.coverage.applies(_UNKNOWN_REFUSED):
            taken = exchange.status // 100 == 2
            exchange.against(_UNKNOWN_IGNORED).status_fits(taken, "taken")
        elif exchange.against(_UNKNOWN_REFUSED).status_is(400):
            exchange.is_error("BadRequest")


_QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    *(
        (id, query)
        for id in ("listDevices", "listEvents")
        for query in ({"page": 0}, {"limit": 0}, {"limit": (specification().operations[id].page_size or 0) + 1})
    ),
    ("getSessionPassings", {"page": "first"}),
    ("getSessionPassings", {"first": "a"}),
    ("getSessionPassings", {"last": -1}),
    ("getDevicePassings", {"from": "yesterday"}),
    ("getDevicePassings", {"to": "2024-05-01"}),
    ("getDevicePassings", {"page": 0}),
    ("continueDevicePassings", {"page": 0}),
    ("continueDevicePassings", {"from": "yesterday"}),
)


@check("listDevices", "listEvents", "getSessionPassings", "getDevicePassings", "continueDevicePassings")
def an_invalid_query_is_refused(run: Run, material: Material) -> None:
    """A query parameter of a wrong type, or out of its bounds, is a 400 (assumed)"""
    for operation_id, query in _QUERIES:
        operation = run.contract.operations[operation_id]
        if not offers(run, operation):
            continue
        path = {}
        if operation.path_parameters:
            device, session = material.closed_session()
            known = {"deviceid": device.deviceid, "token_session": session.token_session}
            path = {name: known[name] for name in operation.path_parameters}
        exchange = run.ask(operation_id, path, query)
        (name, value), *_ = query.items()
        if exchange.against(_WRONG_PARAMETER).status_is(400, f"for {name}={value}", f"#status ?{name}"):
            exchange.is_error("BadRequest")
