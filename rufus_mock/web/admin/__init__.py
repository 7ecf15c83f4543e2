"""The admin API under /__admin: it controls the mock. Its contract is schemas/admin.json.

It may import web/request/, fixtures/ and what is below them. It must not answer an operation of the API.
"""

from collections.abc import Iterable

from flask import Flask

from ...spec.admin_contract import AdminContract
from ..request.operations import Mock
from . import clocks, companies, faults, quotas, requests, server, state
from .hosts import Hosts
from .operations import Admin
from .origin import Doorkeeper
from .templates import Templates


def register_admin(
    app: Flask, specification: AdminContract, mock: Mock, token: str | None, allow_hosts: Iterable[str]
) -> None:
    """Puts the admin API into an application. With a token it answers only those who send it.

    allow_hosts: hosts that it answers to although public DNS can name them. Raises ValueError for what is no host.
    """
    templates = Templates(mock.world, mock.specification)
    hosts = Hosts(specification.local_domains, allow_hosts, mock.specification.host)
    app.extensions["rufus_mock_admin"] = Admin(specification, mock, Doorkeeper(token, hosts), templates)
    for module in (server, companies, state, clocks, requests, faults, quotas):
        app.register_blueprint(module.blueprint, url_prefix=specification.base_path)
