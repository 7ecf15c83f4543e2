"""The admin API under /__admin, which controls the mock. Its contract is schemas/admin.json.

It may import web/request/, fixtures/ and what is below them. It must not contain an operation of the API.
"""

from collections.abc import Iterable

from flask import Flask

from ...spec.admin_contract import AdminContract
from ..request.api import Api
from . import assumptions, clocks, companies, faults, quotas, requests, server, state
from .access import AdminAccess
from .hosts import Hosts
from .pipeline import Admin
from .templates import Templates


def register_admin(
    app: Flask, contract: AdminContract, api: Api, token: str | None, allow_hosts: Iterable[str]
) -> None:
    """Add the admin API to an application. If there is a token, it answers only requests that send it.

    allow_hosts: hosts that it accepts although public DNS can name them. Raises ValueError for an invalid host.
    """
    templates = Templates(api.world, api.contract)
    hosts = Hosts(contract.local_domains, allow_hosts, api.contract.host)
    app.extensions["rufus_mock_admin"] = Admin(contract, api, AdminAccess(token, hosts), templates)
    for module in (server, companies, state, clocks, requests, faults, quotas, assumptions):
        app.register_blueprint(module.blueprint, url_prefix=contract.base_path)
