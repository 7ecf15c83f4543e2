"""Snapshots: read the state of companies as a fixture, and restore it."""

from typing import Any

from flask import Blueprint

from ...fixtures.loader import Loader
from ...fixtures.place import FixtureError
from ...fixtures.snapshots import snapshot
from ...spec.validation import Problem, bad_request, described
from ...world import Company
from .operations import AdminCall, operation
from .templates import unusable

blueprint = Blueprint("admin_state", __name__)


@operation(blueprint, "getState")
def get_state(call: AdminCall) -> bytes:
    return snapshot(list(call.world.companies.values()))


@operation(blueprint, "putState")
def put_state(call: AdminCall) -> dict[str, Any]:
    return _restored(call, None)


@operation(blueprint, "getCompanyState")
def get_company_state(call: AdminCall, id: str) -> bytes:
    return snapshot([call.world.get(id)])


@operation(blueprint, "putCompanyState")
def put_company_state(call: AdminCall, id: str) -> dict[str, Any]:
    call.world.get(id)
    sent = call.body["companies"]
    if len(sent) != 1:
        raise bad_request(Problem("body", "companies", "/companies", "one company", f"{len(sent)} companies"))
    if sent[0]["id"] != id:
        raise bad_request(Problem("body", "id", "/companies/0/id", f'"{id}", as in the path', described(sent[0]["id"])))
    return _restored(call, id)


def _restored(call: AdminCall, only: str | None) -> dict[str, Any]:
    scratch = call.world.empty_copy()
    try:
        Loader(scratch, call.admin.api.contract).load(call.body)
    except FixtureError as error:
        raise unusable(error) from error
    companies: list[Company] = list(scratch.companies.values())
    try:
        restored = call.world.restore(companies, only)
    except ValueError as error:
        raise bad_request(
            Problem("body", "api_key", "/companies", "keys that no other company has", str(error))
        ) from error
    return {"companies": [company.id for company in restored]}
