"""Starts a mock in this process, for `rufus-mock contract` without a URL.

This is the only module of the kit that imports the mock. The rest of the kit gets a URL and keys.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from ..base.resources import folder
from .session.options import Keys

FIXTURE = "documented"


@contextmanager
def embedded_mock(dialect: str) -> Iterator[tuple[str, Keys]]:
    """Yields the base URL of a mock on a free port, and its keys."""
    from ..serving.server import Server
    from ..web.app import Config, create_app

    app = create_app(Config(fixtures=(FIXTURE,), dialect=dialect))
    with Server(app) as server:
        yield f"{server.url}{app.extensions['rufus_mock'].contract.base_path}", fixture_keys()


def fixture_keys() -> Keys:
    """One key of each type, from the fixture that the mock starts with."""
    fixture = json.loads((folder("fixtures") / f"{FIXTURE}.json").read_text(encoding="utf-8"))
    company, other = fixture["companies"][:2]
    by_type = {(key["access"], key.get("unbind", False)): key["api_key"] for key in company["keys"]}
    return Keys(
        api_key=by_type["READ_WRITE", True],
        read_key=by_type["READ", False],
        write_key=by_type["WRITE", False],
        unbind_key=by_type["WRITE", True],
        other_key=other["keys"][0]["api_key"],
        write_may_unbind=False,
    )
