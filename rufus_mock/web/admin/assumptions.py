"""Assumptions: list them, choose a company's variants, and say which ones its requests depended on."""

from collections import Counter, defaultdict
from typing import Any

from flask import Blueprint

from ...assumptions.catalogue import listed
from ...assumptions.chosen import InvalidAssumption, checked
from ...spec.validation import Problem, bad_request
from ...world import Company
from .operations import AdminCall, operation

blueprint = Blueprint("admin_assumptions", __name__)


@operation(blueprint, "listAssumptions")
def list_assumptions(call: AdminCall) -> dict[str, Any]:
    servers = call.world.assumptions
    known = call.admin.api.contract.assumptions
    entries = listed(known.values(), servers.dialect)
    return {"assumptions": [{**entry, "variant": servers.variant(entry["id"])} for entry in entries]}


@operation(blueprint, "getAssumptions")
def get_assumptions(call: AdminCall, id: str) -> dict[str, Any]:
    return _shown(call, call.world.get(id))


@operation(blueprint, "setAssumptions")
def set_assumptions(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    sent, place = (call.body["assumptions"], "/assumptions") if "assumptions" in call.body else (call.body, "")
    company.assumptions = call.world.assumptions.with_chosen(chosen(call, sent, place))
    return _shown(call, company)


@operation(blueprint, "resetAssumptions")
def reset_assumptions(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    company.assumptions = call.world.assumptions
    return _shown(call, company)


@operation(blueprint, "getUsedAssumptions")
def get_used_assumptions(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    reading = company.journal.read()
    requests: Counter[str] = Counter()
    operations: defaultdict[str, dict[str | None, None]] = defaultdict(dict)
    for entry in reading.entries:
        for assumption in entry.mattered():
            requests[assumption] += 1
            operations[assumption][entry.operation] = None
    known = call.admin.api.contract.assumptions
    return {
        "used": [
            {
                "id": assumption,
                "statement": known[assumption].statement,
                "variant": (variant := company.assumptions.variant(assumption)),
                "requests": requests[assumption],
                "operations": list(operations[assumption]),
                "others": [other for other in known[assumption].variants if other != variant],
            }
            for assumption in sorted(requests)
        ],
        "total": reading.total,
        "evicted": sum(reading.evicted.values()),
    }


def chosen(call: AdminCall, sent: dict[str, Any], place: str = "") -> dict[str, str]:
    """The variants in a request by id. place: the JSON Pointer of the object. Raises BadRequest."""
    try:
        return checked(sent, call.admin.api.contract.assumptions)
    except InvalidAssumption as error:
        pointer = f"{place}/{error.id}"
        raise bad_request(Problem("body", error.id, pointer, error.expected, error.actual)) from error


def _shown(call: AdminCall, company: Company) -> dict[str, Any]:
    assumptions = company.assumptions
    variants = {id: assumptions.variant(id) for id in call.admin.api.contract.assumptions}
    return {"assumptions": variants, "changed": list(assumptions.changed())}
