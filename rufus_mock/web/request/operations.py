"""Ties a view to an operation of the contract, which says its method, path, access, parameters and answers."""

from collections.abc import Callable
from typing import Any, Protocol

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from .api import Api
from .pipeline import Pipeline, View


class Identifier(BaseConverter):
    """A path segment that names something. Whatever it looks like, an unknown one is a 404 that echoes it."""

    part_isolating = True
    regex = "[^/]+"


class Route(Protocol):
    """The method and the path of an operation."""

    @property
    def id(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...


def operation(blueprint: Blueprint, operation_id: str) -> Callable[[View], View]:
    """Registers a view for an operation. The view gets a Call and the path parameters."""

    def pipeline(app: Flask, view: View) -> tuple[Route, Callable[..., Any]]:
        api = Api.of(app)
        contract = api.contract.operations[operation_id].in_dialect(api.renderer.dialect)
        return contract, Pipeline(api, contract, view).handle

    return routed(blueprint, pipeline)


def routed(
    blueprint: Blueprint, pipeline: Callable[[Flask, Any], tuple[Route, Callable[..., Any]]]
) -> Callable[[Any], Any]:
    """Registers views at the method and the path of their operations; the endpoint is the operationId.

    pipeline gives the operation of a view, and the function that takes its requests in an application: both depend on
    the application's contract, so the route is added when the blueprint is registered.
    """

    def decorate(view: Any) -> Any:
        def add(state: BlueprintSetupState) -> None:
            app: Any = state.app
            route, function = pipeline(app, view)
            rule = route.path.replace("{", "<identifier:").replace("}", ">")
            state.add_url_rule(rule, route.id, function, methods=[route.method])

        blueprint.record(add)
        return view

    return decorate
