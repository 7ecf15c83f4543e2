"""The quota of a company: read, set, remove."""

from typing import Any

from flask import Blueprint

from ...world import Company
from ...world.quota import Quota
from .operations import AdminCall, operation

blueprint = Blueprint("admin_quotas", __name__)


@operation(blueprint, "getQuota")
def get_quota(call: AdminCall, id: str) -> dict[str, Any]:
    return _shown(call.world.get(id))


@operation(blueprint, "setQuota")
def set_quota(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    company.quota = Quota(int(call.body["requests"]), int(call.body["window_ms"]), company.clock)
    return _shown(company)


@operation(blueprint, "removeQuota")
def remove_quota(call: AdminCall, id: str) -> dict[str, Any]:
    company = call.world.get(id)
    company.quota = None
    return _shown(company)


def _shown(company: Company) -> dict[str, Any]:
    quota = company.quota
    if quota is None:
        return {"quota": None, "used": 0, "refused": 0}
    return {
        "quota": {"requests": quota.requests, "window_ms": quota.window_ms},
        "used": quota.used,
        "refused": quota.refused,
    }
