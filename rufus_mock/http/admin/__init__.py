"""The admin API: commands the mock, under /__admin. Its contract is schemas/admin.json."""

from flask import Flask

from ...admin_specification import AdminSpecification
from ..operations import Mock
from . import clocks, companies, faults, quotas, requests, server, state
from .operations import Admin
from .origin import Doorkeeper
from .templates import Templates


def register_admin(app: Flask, specification: AdminSpecification, mock: Mock, token: str | None) -> None:
    """Puts the admin API into an application. With a token it answers only those who send it."""
    templates = Templates(mock.world, mock.specification)
    app.extensions["rufus_mock_admin"] = Admin(specification, mock, Doorkeeper(token), templates)
    for module in (server, companies, state, clocks, requests, faults, quotas):
        app.register_blueprint(module.blueprint, url_prefix=specification.base_path)
