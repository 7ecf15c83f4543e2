"""Faults: made, listed, removed."""

from typing import Any

from flask import Blueprint

from ...spec.contract import Contract
from ...spec.validation import Problem, bad_request, described
from ...world.faults import Fault
from .operations import AdminCall, operation

blueprint = Blueprint("admin_faults", __name__)

_OF_THE_CONNECTION = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}


@operation(blueprint, "listFaults")
def list_faults(call: AdminCall, id: str) -> dict[str, Any]:
    return {"faults": [_shown(fault) for fault in call.world.get(id).faults.all()]}


@operation(blueprint, "addFault")
def add_fault(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    problems = list(_problems(call.body, call.admin.mock.specification))
    if problems:
        raise bad_request(*problems)
    return _shown(company.faults.add(call.body))


@operation(blueprint, "removeFaults")
def remove_faults(call: AdminCall, id: str) -> dict[str, Any]:
    return {"removed": call.world.get(id).faults.clear()}


@operation(blueprint, "getFault")
def get_fault(call: AdminCall, id: str, fault: str) -> dict[str, Any]:
    return _shown(call.world.get(id).faults.get(fault))


@operation(blueprint, "removeFault")
def remove_fault(call: AdminCall, id: str, fault: str) -> dict[str, Any]:
    return {"removed": [call.world.get(id).faults.remove(fault).id]}


def _shown(fault: Fault) -> dict[str, Any]:
    return {
        "id": fault.id,
        "fault": dict(fault.described),
        "seen": fault.seen,
        "struck": fault.struck,
        "spent": fault.spent,
    }


def _problems(body: dict[str, Any], specification: Contract) -> Any:
    """What the schema cannot say of a fault."""
    if not {"latency", "status", "answer"} & body.keys():
        yield Problem("body", "answer", "/answer", "one of latency, status, answer", "none of them")
    if "status" in body and "answer" in body:
        yield Problem("body", "answer", "/answer", "either status or answer", "both")
    for name in ("headers", "body", "text"):
        if name in body and "status" not in body:
            yield Problem("body", "status", "/status", f"a status: {name} needs it", "missing")
    if "body" in body and "text" in body:
        yield Problem("body", "text", "/text", "either body or text", "both")
    if body.get("answer") == "never" and "latency" in body:
        yield Problem("body", "latency", "/latency", "nothing: the answer never comes", described(body["latency"]))
    operation_id = body.get("operation")
    if operation_id is not None and operation_id not in specification.operations:
        expected = "one of " + ", ".join(specification.operations)
        yield Problem("body", "operation", "/operation", expected, described(operation_id))
    for name in body.get("headers", {}):
        if name.lower() in _OF_THE_CONNECTION:
            yield Problem("body", name, f"/headers/{name}", "a header that the server does not set itself", name)
    uniform = body.get("latency", {}).get("uniform")
    if uniform is not None and uniform["low"] > uniform["high"]:
        actual = described(uniform["low"])
        yield Problem("body", "low", "/latency/uniform/low", f"at most high, {uniform['high']}", actual)
