"""The faults of a company: list, add, read, remove."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint

from ...spec.contract import Contract
from ...spec.validation import Problem, bad_request, described
from ...world.faults import Fault
from ..faults.effect import Effect, problems
from .operations import AdminCall, operation

blueprint = Blueprint("admin_faults", __name__)


@operation(blueprint, "listFaults")
def list_faults(call: AdminCall, id: str) -> dict[str, Any]:
    return {"faults": [_shown(fault) for fault in call.world.get(id).faults.all()]}


@operation(blueprint, "addFault")
def add_fault(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    found = list(_problems(call.body, call.admin.api.contract))
    if found:
        raise bad_request(*found)
    return _shown(company.faults.add(call.body, Effect(call.body)))


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


def _problems(body: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    """What is wrong with a fault and cannot be said in its schema."""
    operation_id = body.get("operation")
    if operation_id is not None and operation_id not in contract.operations:
        expected = "one of " + ", ".join(contract.operations)
        yield Problem("body", "operation", "/operation", expected, described(operation_id))
    yield from problems(body)
