"""The Flask application: the world, the contract and the views, put together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, request

from ..base.clock import Clock
from ..base.identifiers import Identifiers
from ..base.masking import Masker
from ..fixtures.builtin import DEFAULT_FIXTURE
from ..fixtures.loader import load_fixtures
from ..fixtures.state_file import StateFile
from ..spec.admin_contract import AdminContract
from ..spec.contract import Contract
from ..spec.dialects import PAGES
from ..world import World
from ..world.journal import Bounds
from .admin import register_admin
from .request.access import Guard
from .request.access_log import WriteLine, register_access_log
from .request.answers import Renderer, register_error_handlers
from .request.application import Application
from .request.cors import register_cors
from .request.hosts import require_host
from .request.operations import Identifier, Mock
from .request.recording import Recorder
from .views import devices, events, passings, sessions
from .views import document as contract

MAX_BODY = 16 * 1024 * 1024
"""Bytes of a request body: some 60,000 passings. No limit of the live API is known."""


@dataclass(frozen=True)
class Config:
    """How a mock behaves.

    fixtures: names of fixtures of the project or paths of files; later ones add to earlier ones. dialect: "pages" or
    "openapi". seed: makes identifiers reproducible. cors: origins whose pages may call the mock ("*": all).
    admin: whether there is an admin API, and with it journals. admin_token: the token that it demands; None: none.
    allow_hosts: hosts that the admin API answers to, besides those that public DNS cannot name.
    journal: how much each company's journal keeps. state: a file whose snapshot, if there is one, takes the place of
    the fixtures; a reset goes back to the fixtures all the same. Raises ValueError for an empty admin_token: it would
    leave the admin API open to everyone.
    """

    fixtures: Sequence[str | Path] = (DEFAULT_FIXTURE,)
    dialect: str = PAGES
    seed: int | None = None
    cors: Sequence[str] = ()
    max_body: int = MAX_BODY
    admin: bool = True
    admin_token: str | None = None
    allow_hosts: Sequence[str] = ()
    journal: Bounds = field(default_factory=Bounds)
    state: StateFile | None = None

    def __post_init__(self) -> None:
        if self.admin and self.admin_token is not None and not self.admin_token.strip():
            raise ValueError("admin_token is empty: give a token, or None for an admin API that demands none")


def create_app(
    config: Config | None = None,
    clock: Clock | None = None,
    *,
    access_log: WriteLine | None = None,
    loaded: bool = True,
) -> Flask:
    """An application with a world of its own.

    Raises FixtureError for a fixture that cannot be loaded, ValueError for an allowed host that is none.

    access_log takes a line a request; without it they go to the logger rufus_mock.access.
    Not loaded, it answers 503 until load() has put its fixtures in.
    """
    config = config or Config()
    specification = Contract()
    world = World(clock or Clock(), Identifiers(config.seed), specification.page_size, config.journal)
    world.ready = False

    app = Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = config.max_body
    # A redirect would answer with HTML, and OPTIONS is not an operation of the API: both are JSON errors here.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.converters["identifier"] = Identifier

    own = AdminContract()
    guard = Guard(specification, world)
    mock = Mock(
        specification,
        guard,
        Renderer(specification, config.dialect),
        Renderer(own, config.dialect),
        world,
        Recorder(world, guard, own.base_path) if config.admin else None,
        Masker([config.admin_token]),
    )
    app.extensions["rufus_mock"] = mock
    register_access_log(app, mock.guard, mock.masker, access_log)
    app.before_request(lambda: require_host(request.environ))
    if config.cors:
        register_cors(app, config.cors, specification.key_headers, own.base_path)
    register_error_handlers(app, mock.renderer, mock.recorder, mock.masker)
    for blueprint in (devices.blueprint, sessions.blueprint, passings.blueprint, events.blueprint):
        app.register_blueprint(blueprint, url_prefix=specification.base_path)
    app.register_blueprint(contract.blueprint)
    if config.admin:
        register_admin(app, own, mock, config.admin_token, config.allow_hosts)
    if loaded:
        load(app, config)
    return app


def load(app: Flask, config: Config) -> None:
    """Put the fixtures into an application's world, all at once: from now on it answers.

    Raises FixtureError, StateFileError.
    """
    mock: Mock = app.extensions["rufus_mock"]
    loading = mock.world.another()
    load_fixtures(loading, mock.specification, config.fixtures)
    loading.begin()
    if config.state is not None:
        config.state.load(loading, mock.specification)
    mock.world.adopt(loading)
