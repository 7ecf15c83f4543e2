"""Bodies and queries with one thing wrong: a 400, and nothing is stored."""

from typing import Any

from hypothesis import strategies as st

from ..explore.strategies import Fault, faults, passing_lists
from ..judge.wording import described
from ..run import Exchange, Run
from ..subject.material import Material, entry
from ..subject.writes import open_session
from .check import check


def _refused(run: Run, exchange: Exchange, fault: Fault) -> bool:
    """A missing field is documented to be a 400; that a wrong type is one too, is assumed."""
    bad_request = exchange.operation.errors["BadRequest"]
    if fault.missing:
        return run.judge(exchange, bad_request)
    status = exchange.reply.status
    refused = run.rule(
        exchange, "wrong-parameter", status == 400, f"400 for {fault.what}", str(status), f"#status {fault.where}"
    )
    if refused:
        run.judge(exchange, bad_request)
    return refused


@check("bindDevice", writes=True)
def a_faulty_binding_is_refused(run: Run, material: Material) -> None:
    """A binding with a required field missing, or one of a wrong type, is a 400"""
    material.race  # noqa: B018 - writes must be possible
    schema = run.specification.operations["bindDevice"].body or {}
    body = {"model": "Contract test", "serial_number": run.fresh_serial_number(), "alias": run.label}
    body |= {"type": "contract-test", "firmware": "1"}
    for fault in faults(schema, body, keep=frozenset({"alias"})):
        if not fault.missing and not run.may_unbind:
            continue  # What would be bound by it could not be removed.
        _refused(run, run.ask("bindDevice", body=fault.body), fault)


@check("insertSession", writes=True)
def a_faulty_opening_is_refused(run: Run, material: Material) -> None:
    """An opening with the deviceid missing, or a field of a wrong type, is a 400 and opens nothing"""
    device = material.playground()
    schema = run.specification.operations["insertSession"].body or {}
    for fault in faults(schema, {"deviceid": device.deviceid, "alias": "faulty"}):
        exchange = run.ask("insertSession", body=fault.body)
        if not _refused(run, exchange, fault):
            device.certain = False


@check("insertPassings", writes=True)
def faulty_passings_are_refused(run: Run, material: Material) -> None:
    """A list with a required field missing, or one of a wrong type, is a 400 and stores nothing"""
    device = material.playground()
    schema = run.specification.operations["insertPassings"].body or {}
    session = open_session(run, device, "faulty")
    path = {"token_session": session.token_session}
    empty = run.ask("insertPassings", body={**path, "passings_list": []})
    if run.judge(empty, empty.operation.errors["BadRequest"]):
        run.coverage.exercise("insertPassings 400 BadRequest")

    def spoil(entries: list[dict[str, Any]]) -> st.SearchStrategy[Fault]:
        return st.sampled_from(faults(schema, {**path, "passings_list": entries}))

    def holds(fault: Fault) -> None:
        exchange = run.ask("insertPassings", body=fault.body)
        if not _refused(run, exchange, fault):
            device.certain = False
            return
        _nothing_stored(run, path, fault)

    # Every fault once, then any list with any of them.
    whole = [entry(2, 0), {**entry(3, 0)}]
    for fault in faults(schema, {**path, "passings_list": whole}):
        holds(fault)
    run.explore(passing_lists(3).flatmap(spoil), holds, run.few)


def _nothing_stored(run: Run, path: dict[str, str], fault: Fault) -> None:
    exchange = run.ask("getSessionPassings", path)
    body = exchange.reply.fields
    result = body.get("result")
    stored = [e.get("num_passing") for e in result if isinstance(e, dict)] if isinstance(result, list) else []
    run.rule(
        exchange,
        "all-or-nothing",
        not stored,
        f"nothing stored of a list {fault.what}",
        f"num_passing {described(stored)} stored",
        "/result",
        "insertPassings",
        at="insertPassings",
    )


_QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("listDevices", {"page": 0}),
    ("listDevices", {"limit": 0}),
    ("listDevices", {"limit": 5001}),
    ("getSessionPassings", {"page": "first"}),
    ("getSessionPassings", {"first": "a"}),
    ("getSessionPassings", {"last": -1}),
    ("getDevicePassings", {"from": "yesterday"}),
    ("getDevicePassings", {"to": "2024-05-01 08:00:00"}),
    ("getDevicePassings", {"page": 0}),
    ("continueDevicePassings", {"page": 0}),
    ("continueDevicePassings", {"from": "yesterday"}),
)


@check("listDevices", "getSessionPassings", "getDevicePassings", "continueDevicePassings")
def a_faulty_query_is_refused(run: Run, material: Material) -> None:
    """A query parameter of a wrong type, or out of its bounds, is a 400 (assumed)"""
    for operation_id, query in _QUERIES:
        operation = run.specification.operations[operation_id]
        path = {}
        if operation.path_parameters:
            device, session = material.closed_session()
            whole = {"deviceid": device.deviceid, "token_session": session.token_session}
            path = {name: whole[name] for name in operation.path_parameters}
        exchange = run.ask(operation_id, path, query)
        name, value = next(iter(query.items()))
        status = exchange.reply.status
        if run.rule(
            exchange, "wrong-parameter", status == 400, f"400 for {name}={value}", str(status), f"#status ?{name}"
        ):
            run.judge(exchange, operation.errors["BadRequest"])
