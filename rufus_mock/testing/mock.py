"""Runs a mock in this process, on a real socket."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar

from ..fixtures.builtin import DEFAULT_FIXTURE
from ..fixtures.place import FixtureError
from ..serving.server import Server
from ..spec.dialects import PAGES
from ..web.app import Config, create_app
from .company import MockCompany
from .connection import AdminConnection
from .keys import Keys


class RufusMock(MockCompany):
    """A running mock and the handle for the first company of its fixture. It runs until stop() is called.

    fixture: the name of a built-in fixture, the path of a fixture file, or a list of these. port: 0 picks a free port.
    dialect: "pages" or "openapi". seed: makes the identifiers reproducible. assume: the variants of assumed statements
    that the mock follows, by id. Raises FixtureError for a fixture that cannot be loaded or has no company,
    InvalidAssumption (a ValueError) for an unknown id or variant, and OSError if the port cannot be bound.

    >>> with RufusMock(fixture="documented") as mock:
    ...     requests.get(f"{mock.base_url}/devices", headers={"api_key": mock.keys.read})
    <Response [200]>
    """

    overrides: ClassVar[Mapping[str, str]] = {}
    """Variants that each new mock follows, whatever `assume` is."""

    def __init__(
        self,
        fixture: str | Path | Sequence[str | Path] = DEFAULT_FIXTURE,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        dialect: str = PAGES,
        seed: int | None = None,
        assume: Mapping[str, str] | None = None,
    ) -> None:
        fixtures = [fixture] if isinstance(fixture, str | Path) else fixture
        config = Config(fixtures=fixtures, dialect=dialect, seed=seed, assumptions={**(assume or {}), **self.overrides})
        self._server = Server(create_app(config), host, port)
        self._server.start()
        self.admin = AdminConnection(self._server.url, private=True)
        try:
            companies = self.admin.call("GET", "/companies")["companies"]
            if not companies:
                raise FixtureError(f"{fixture}: has no company; a mock needs one to hand out")
        except BaseException:
            self.stop()
            raise
        super().__init__(self.admin, companies[0]["id"], Keys.of(companies[0]["keys"]))

    def company(self, fixture: Any = None, assume: Mapping[str, str] | None = None) -> MockCompany:
        """Create another company in this mock: empty, or with the contents of a fixture's first company.

        fixture, assume: as in MockCompany.fresh.
        """
        return MockCompany.fresh(self.admin, fixture, assume)

    def stop(self) -> None:
        """Stop the mock and discard its state."""
        self.admin.close()
        self._server.stop()

    def __enter__(self) -> "RufusMock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
