"""Bodies that trickle because of a fault."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.faults.delivery import Trickle
from rufus_mock.world.holds import Hold
from tests.admin import AdminClient, Tenant
from tests.web.faults.fault_calls import add


def test_the_body_arrives_piece_by_piece_at_the_given_speed(tenant: Tenant) -> None:
    tenant.bind()
    whole = tenant.api("GET", "/devices").content
    add(tenant, slow={"bytes_per_second": 4 * len(whole)})
    began = time.monotonic()
    response = tenant.api("GET", "/devices", stream=True)
    headers_after = time.monotonic() - began
    pieces = list(response.raw.stream(1))
    taken = time.monotonic() - began
    assert b"".join(pieces) == whole
    assert response.headers["Content-Length"] == str(len(whole))
    # The last piece is due a tenth of a second before the whole body would be.
    assert headers_after < 0.1 < taken
    assert taken >= 0.25 - 0.1


def test_more_slow_answers_than_threads_do_not_block_others(tenant: Tenant) -> None:
    fault = add(tenant, slow={"bytes_per_second": 1})
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(tenant.api, "GET", "/devices") for _ in range(20)]
        deadline = time.monotonic() + 20
        while tenant("GET", f"/faults/{fault}")["struck"] < 20:
            assert time.monotonic() < deadline
        assert tenant.admin.create().devices() == []
        assert not any(answer.done() for answer in answers)
        tenant("DELETE", f"/faults/{fault}")
        assert {answer.result(timeout=20).json()["description"] for answer in answers} == {"Success"}


def test_a_slow_answer_is_complete_when_the_server_stops() -> None:
    server = Server(create_app(Config(fixtures=["empty"])))
    with requests.Session() as http, ThreadPoolExecutor(1) as pool:
        http.trust_env = False
        server.start()
        tenant = AdminClient(server.url, http).create()
        fault = add(tenant, slow={"bytes_per_second": 1})
        answer = pool.submit(tenant.api, "GET", "/devices", "read")
        deadline = time.monotonic() + 20
        while tenant("GET", f"/faults/{fault}")["struck"] < 1:
            assert time.monotonic() < deadline
        server.stop()
        assert answer.result(timeout=20).json()["result"] == []


def test_slow_can_be_combined_with_a_status_and_a_cut(tenant: Tenant) -> None:
    first = add(tenant, status=503, slow={"bytes_per_second": 1000})
    response = tenant.api("GET", "/devices")
    assert (response.status_code, response.json()) == (503, {"description": "Service Unavailable"})
    tenant("DELETE", f"/faults/{first}")
    add(tenant, answer="cut", slow={"bytes_per_second": 1000})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        tenant.api("GET", "/devices")


@pytest.mark.parametrize(("bytes_per_second", "size"), [(1, 1), (9, 1), (10, 1), (25, 2), (10_000, 1000)])
def test_a_piece_is_a_tenth_of_a_second(bytes_per_second: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    now = itertools.count(0, 0)
    hold = Hold(None, lambda _: None)
    monkeypatch.setattr("rufus_mock.web.faults.delivery.time.monotonic", lambda: next(now))

    def ends_within(seconds: float) -> bool:
        waited.append(seconds)
        return False

    monkeypatch.setattr(hold, "ends_within", ends_within)
    pieces = list(Trickle(bytes_per_second, hold).pieces(b"x" * (3 * size)))
    assert [len(piece) for piece in pieces] == [size] * 3
    assert waited == pytest.approx([0, size / bytes_per_second, 2 * size / bytes_per_second])


def test_the_hold_of_a_trickle_ends_with_it() -> None:
    ended: list[Hold] = []
    trickle = Trickle(10_000, Hold(None, ended.append))
    assert b"".join(trickle.pieces(b"x" * 100)) == b"x" * 100
    assert ended == [trickle.hold]
