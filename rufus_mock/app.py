"""The Flask application: the world, the contract and the views, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from .clock import Clock
from .fixtures import DEFAULT_FIXTURE, load_fixtures
from .http import contract, devices, passings, sessions
from .http.access import Guard
from .http.access_log import WriteLine, register_access_log
from .http.answers import Renderer, register_error_handlers
from .http.cors import register_cors
from .http.operations import Identifier, Mock
from .identifiers import Identifiers
from .specification import PAGES, Specification
from .world import World

MAX_BODY = 16 * 1024 * 1024
"""Bytes of a request body: some 60,000 passings. No limit of the live API is known."""


@dataclass(frozen=True)
class Config:
    """How a mock behaves.

    fixtures: names of fixtures of the project or paths of files; later ones add to earlier ones. dialect: "pages" or
    "openapi". seed: makes identifiers reproducible. cors: origins whose pages may call the mock ("*": all).
    """

    fixtures: Sequence[str | Path] = (DEFAULT_FIXTURE,)
    dialect: str = PAGES
    seed: int | None = None
    cors: Sequence[str] = ()
    max_body: int = MAX_BODY


def create_app(config: Config | None = None, clock: Clock | None = None, access_log: WriteLine | None = None) -> Flask:
    """An application with a world of its own. Raises FixtureError for a fixture that cannot be loaded.

    access_log takes a line a request; without it they go to the logger rufus_mock.access.
    """
    config = config or Config()
    specification = Specification()
    world = World(clock or Clock(), Identifiers(config.seed), specification.page_size)
    load_fixtures(world, specification, config.fixtures)

    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = config.max_body
    # A redirect would answer with HTML, and OPTIONS is not an operation of the API: both are JSON errors here.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.converters["identifier"] = Identifier

    mock = Mock(specification, Guard(specification, world), Renderer(specification, config.dialect), world)
    app.extensions["rufus_mock"] = mock
    register_access_log(app, mock.guard, access_log)
    if config.cors:
        register_cors(app, config.cors, specification.key_headers)
    register_error_handlers(app, mock.renderer)
    for blueprint in (devices.blueprint, sessions.blueprint, passings.blueprint):
        app.register_blueprint(blueprint, url_prefix=specification.base_path)
    app.register_blueprint(contract.blueprint)
    return app
