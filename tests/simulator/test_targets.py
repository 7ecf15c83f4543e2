"""Where a race can be sent: the mock over HTTP, or a world in the same process."""

from typing import Any

import pytest

from rufus_mock.simulator.delivery import Run
from rufus_mock.simulator.http_target import is_mock
from rufus_mock.simulator.permission import default_key
from rufus_mock.simulator.race_clock import RushedClock
from rufus_mock.simulator.targets import Refused, Unavailable, WorldTarget
from rufus_mock.web.app import Config, create_app
from tests.servers import ADMIN, mock, serving
from tests.simulator.races import race


def test_only_a_server_that_says_so_is_recognised_as_the_mock() -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        bodies = {"/openapi.json": b'{"info":{"title":"RUFUS Cloud Public API v0"}}', "/x/openapi.json": b"<html>"}
        start_response("200 OK", [("Content-Type", "application/json")])
        return [bodies.get(environ["PATH_INFO"], b"[]")]

    with mock() as base_url, serving(application) as other:
        assert is_mock(base_url)
        assert is_mock(base_url + "/")
        assert not is_mock(other)
        assert not is_mock(other.replace("/v0", "/x/v0"))
        assert not is_mock(other.replace("/v0", "/y/v0"))
    with pytest.raises(Unavailable):
        is_mock(base_url)


def test_a_race_can_run_in_a_world_in_this_process() -> None:
    app = create_app(Config(fixtures=("empty",)))
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    simulated = race(outages=1, resend=1.0)
    for _ in range(2):
        run = Run(simulated.devices, lambda: WorldTarget(company), RushedClock(simulated.settings.start))
        run.start()
        assert run.join(30)
        assert run.complete
    devices, _ = company.devices.page(1, 10)
    assert [device["passings"] for device in devices] == [2 * len(device.passings) for device in simulated.devices]
    with pytest.raises(Refused, match="SessionNotFound"):
        WorldTarget(company).close("0" * 64)


def test_the_default_key_is_the_one_that_all_fixtures_share() -> None:
    assert default_key() == ADMIN
