"""Assembles the Flask application from the world, the contract, the views and the admin API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from ..assumptions import Assumptions
from ..assumptions.chosen import checked
from ..base.clock import Clock
from ..base.identifiers import Identifiers
from ..base.masking import Masker
from ..fixtures.builtin import DEFAULT_FIXTURE
from ..fixtures.loader import load_fixtures
from ..fixtures.state_file import StateFile
from ..spec.admin_contract import AdminContract
from ..spec.contract import Contract
from ..spec.dialects import DIALECTS, PAGES
from ..world import World
from ..world.journal import Bounds
from .admin import register_admin
from .request.access import Guard
from .request.access_log import WriteLine, register_access_log
from .request.answers import Renderer
from .request.api import Api
from .request.application import Application
from .request.cors import register_cors
from .request.failures import Failures
from .request.operations import Identifier
from .request.recording import Recorder
from .views import devices, document, events, passings, sessions

MAX_BODY = 16 * 1024 * 1024
"""Bytes of a request body: some 60,000 passings. No limit of the live API is known."""


@dataclass(frozen=True)
class Config:
    """How a mock behaves.

    fixtures: names of built-in fixtures or paths of files; each adds to those before it. dialect: "pages" or "openapi".
    seed: makes identifiers reproducible. cors: origins whose pages may call the mock; "*" means all. max_body: bytes
    that a body may have, at most as many as the assumption requests.body-limit allows. admin: whether there is an admin
    API, and journals. admin_token: the token that the admin API requires; None means none. allow_hosts: hosts that the
    admin API accepts besides those that public DNS cannot name. journal: how much each company's journal keeps. state:
    a file; if it contains a snapshot, that replaces the fixtures, but a reset still restores the fixtures. assumptions:
    the variants of assumed statements, by id, where they are not the default ones; see `rufus-mock assumptions`.
    explain: whether each answer has a header with the ids of the assumptions that it depends on. Raises ValueError for
    an unknown dialect, and for an empty admin_token, because it would leave the admin API open to everyone. create_app
    raises InvalidAssumption.
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
    assumptions: Mapping[str, str] = field(default_factory=dict)
    explain: bool = False

    def __post_init__(self) -> None:
        if self.dialect not in DIALECTS:
            raise ValueError(f"dialect: expected one of {', '.join(DIALECTS)}, found {self.dialect!r}")
        if self.admin and self.admin_token is not None and not self.admin_token.strip():
            raise ValueError("admin_token is empty: give a token, or None for an admin API that demands none")


def create_app(
    config: Config | None = None,
    clock: Clock | None = None,
    *,
    access_log: WriteLine | None = None,
) -> Flask:
    """Create an application with a world of its own, in which its fixtures are loaded.

    access_log is called with one line for each request; without it, the lines go to the logger rufus_mock.access.
    Raises FixtureError for a fixture that cannot be loaded, StateFileError for a state that cannot be loaded, and
    ValueError for an allowed host that is not a host name.
    """
    config = config or Config()
    contract, admin_contract = Contract(), AdminContract()
    app = _flask(config)
    # Reading all assumptions takes a tenth of the start.
    chosen = checked(config.assumptions, contract.assumptions) if config.assumptions else {}
    assumptions = Assumptions(config.dialect, chosen)
    world = World(clock or Clock(), Identifiers(config.seed), contract.page_size, config.journal, assumptions)
    guard = Guard(contract, world)
    api = Api(
        contract,
        guard,
        Renderer(contract, config.dialect),
        Renderer(admin_contract, config.dialect),
        world,
        Recorder(world, guard) if config.admin else None,
        Masker([config.admin_token]),
        app.logger,
        config.explain,
    )
    app.extensions["rufus_mock"] = api
    register_access_log(app, guard, api.masker, access_log)
    if config.cors:
        register_cors(app, config.cors, contract.key_headers, admin_contract.base_path)
    Failures(api, admin_contract.base_path).register(app)
    for blueprint in (devices.blueprint, sessions.blueprint, passings.blueprint, events.blueprint):
        app.register_blueprint(blueprint, url_prefix=contract.base_path)
    app.register_blueprint(document.blueprint)
    if config.admin:
        register_admin(app, admin_contract, api, config.admin_token, config.allow_hosts)
    _load(world, contract, config)
    return app


def _flask(config: Config) -> Flask:
    """A Flask application without routes."""
    app = Application(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = config.max_body
    # OPTIONS is not an operation of the API, and a redirect would have a body of HTML. Both are JSON errors here.
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.url_map.converters["identifier"] = Identifier
    return app


def _load(world: World, contract: Contract, config: Config) -> None:
    """Load the fixtures, which a reset restores, and then the state."""
    load_fixtures(world, contract, config.fixtures)
    world.save_initial_state()
    if config.state is not None:
        config.state.load(world, contract)
