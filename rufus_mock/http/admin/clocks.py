"""What time it is for a company."""

from typing import Any

from flask import Blueprint

from ...timestamps import render
from ...validation import Problem, bad_request, described, time
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
    company.clock.set(now, call.body.get("frozen"))
    return _shown(company)


@operation(blueprint, "resetClock")
def reset_clock(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    company.clock.reset()
    return _shown(company)


@operation(blueprint, "advanceClock")
def advance_clock(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    milliseconds = int(call.body["milliseconds"])
    try:
        company.clock.advance(milliseconds)
    except ValueError as error:
        problem = Problem(
            "body", "milliseconds", "/milliseconds", "a time that can be written", described(milliseconds)
        )
        raise bad_request(problem) from error
    return _shown(company)


def _shown(company: Company) -> dict[str, Any]:
    clock = company.clock
    return {"now": render(clock.now()), "frozen": clock.frozen, "offset_ms": clock.offset}
