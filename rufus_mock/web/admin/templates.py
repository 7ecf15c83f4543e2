"""The initial content of a new company: a built-in fixture, or a company or a snapshot in the request."""

import threading
from typing import Any

from ...base.errors import BadRequest
from ...fixtures.builtin import fixture_names
from ...fixtures.loader import Loader, load_fixtures
from ...fixtures.place import FixtureError
from ...spec.contract import Contract
from ...spec.validation import Problem, bad_request, described
from ...world import Company, World

_PLACE = "/fixture"


class Templates:
    """Builds the initial content of companies. Each fixture is built once; companies share what they do not change."""

    def __init__(self, world: World, contract: Contract) -> None:
        self._world = world
        self._contract = contract
        self._named: dict[str, Company] = {}
        self._lock = threading.Lock()

    def template(self, fixture: str | dict[str, Any] | None) -> Company | None:
        """The company whose content a new one gets; None if it starts empty. Raises BadRequest."""
        if fixture is None:
            return None
        if isinstance(fixture, str):
            with self._lock:
                if fixture not in self._named:
                    self._named[fixture] = self._first_company(fixture)
                return self._named[fixture]
        scratch = self._world.empty_copy()
        company = scratch.get_or_create("0" * 8)
        loader = Loader(scratch, self._contract)
        try:
            if "companies" in fixture:
                loader.fill_from_first(company, fixture, _PLACE)
            else:
                loader.fill(company, fixture, _PLACE)
        except FixtureError as error:
            raise unusable(error) from error
        return company

    def _first_company(self, name: str) -> Company:
        if name not in fixture_names():
            expected = "one of " + ", ".join(fixture_names()) + ", or a company"
            raise bad_request(Problem("body", "fixture", _PLACE, expected, described(name)))
        scratch = self._world.empty_copy()
        load_fixtures(scratch, self._contract, [name])
        return next(iter(scratch.companies.values()))


def unusable(error: FixtureError) -> BadRequest:
    """The error for a fixture that is valid by its schema but cannot be loaded."""
    place = error.place or ""
    return bad_request(Problem("body", place.rpartition("/")[2] or "body", place, str(error.reason), "as sent"))
