"""Ties a view to an operation of the admin API, which says its method, path, parameters and status."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask

from ..request.operations import Route, routed
from .pipeline import Admin, AdminCall, AdminPipeline, View

__all__ = ["AdminCall", "operation"]


def operation(blueprint: Blueprint, operation_id: str) -> Callable[[View], View]:
    """Registers a view for an operation. The view gets an AdminCall and the path parameters, and returns the body."""

    def pipeline(app: Flask, view: View) -> tuple[Route, Callable[..., Any]]:
        admin = Admin.of(app)
        contract = admin.contract.operations[operation_id]
        return contract, AdminPipeline(admin, contract, view).handle

    return routed(blueprint, pipeline)
