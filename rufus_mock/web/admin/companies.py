"""Companies: list, create, read, reset, remove."""

import re
from typing import Any

from flask import Blueprint

from ...spec.validation import Problem, bad_request, described
from ...world import Company
from .assumptions import chosen
from .operations import AdminCall, operation

blueprint = Blueprint("admin_companies", __name__)

_ID = re.compile("[0-9a-f]{8}")


@operation(blueprint, "listCompanies")
def list_companies(call: AdminCall) -> dict[str, Any]:
    return {"companies": [_described(company) for company in list(call.world.companies.values())]}


@operation(blueprint, "createCompany")
def create_company(call: AdminCall) -> dict[str, Any]:
    return _created(call, None)


@operation(blueprint, "putCompany")
def put_company(call: AdminCall, id: str) -> dict[str, Any]:
    if not _ID.fullmatch(id):
        raise bad_request(Problem("path", "id", "/id", "8 lower-case hex digits", described(id)))
    return _created(call, id)


@operation(blueprint, "getCompany")
def get_company(call: AdminCall, id: str) -> dict[str, Any]:
    return _described(call.world.get(id))


@operation(blueprint, "removeCompany")
def remove_company(call: AdminCall, id: str) -> dict[str, Any]:
    call.world.remove(id)
    return {"id": id}


@operation(blueprint, "resetCompany")
def reset_company(call: AdminCall, id: str) -> dict[str, Any]:
    return {"companies": [call.world.reset_company(id).id]}


def _created(call: AdminCall, id: str | None) -> dict[str, Any]:
    template = call.admin.templates.template(call.body.get("fixture"))
    seed = call.body.get("seed")
    sent = call.body.get("assumptions")
    variants = chosen(call, sent, "/assumptions") if sent else None
    company, keys = call.world.create(
        id, call.body.get("name"), template, None if seed is None else int(seed), assumptions=variants
    )
    return {
        "id": company.id,
        "name": company.name,
        "keys": {purpose: key.api_key for purpose, key in keys.items()},
    }


def _described(company: Company) -> dict[str, Any]:
    return {
        "id": company.id,
        "name": company.name,
        "keys": [
            {"api_key": key.api_key, "alias": key.alias, "access": key.access, "unbind": key.unbind}
            for key in company.keys.values()
        ],
        **company.count(),
    }
