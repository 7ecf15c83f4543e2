"""The clock of a company: read, set, advance, reset."""

from typing import Any

from flask import Blueprint

from ...base.errors import BadRequest
from ...base.timestamps import START_BOUNDS, render
from ...spec.validation import Problem, bad_request, described, time
from ...world import Company
from .operations import AdminCall, operation

blueprint = Blueprint("admin_clocks", __name__)


@operation(blueprint, "getClock")
def get_clock(call: AdminCall, id: str) -> dict[str, Any]:
    return _shown(call.world.get(id))


@operation(blueprint, "setClock")
def set_clock(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    now = time(call.body["now"], "body", ["now"]) if "now" in call.body else None
    try:
        company.clock.set(now, call.body.get("frozen"))
    except ValueError as error:
        raise _out_of_range("now", call) from error
    return _shown(company)


@operation(blueprint, "resetClock")
def reset_clock(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    company.clock.reset()
    return _shown(company)


@operation(blueprint, "advanceClock")
def advance_clock(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    try:
        company.clock.advance(int(call.body["milliseconds"]))
    except ValueError as error:
        raise _out_of_range("milliseconds", call) from error
    return _shown(company)


def _out_of_range(name: str, call: AdminCall) -> BadRequest:
    expected = f"a clock in the range {START_BOUNDS}"
    return bad_request(Problem("body", name, f"/{name}", expected, described(call.body.get(name))))


def _shown(company: Company) -> dict[str, Any]:
    clock = company.clock
    return {"now": render(clock.now()), "frozen": clock.frozen, "offset_ms": clock.offset}
