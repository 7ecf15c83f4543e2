"""Responses that never come because of a fault, and what ends the wait."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.request.api import Api
from rufus_mock.world.faults import MOST_HELD, Faults
from rufus_mock.world.holds import Hold
from tests.admin import AdminClient, Tenant
from tests.web.faults.fault_calls import CURL_TIMED_OUT, add, added, curl, struck, wait_until


def test_an_answer_that_never_comes(tenant: Tenant) -> None:
    add(tenant, answer="never")
    with pytest.raises(requests.exceptions.ReadTimeout):
        tenant.api("GET", "/devices", timeout=0.2)
    done = curl(tenant, "-m", "0.2")
    assert (done.returncode, done.stdout) == (CURL_TIMED_OUT, b"")
    entry = tenant.journal()[-1]
    assert (entry["status"], entry["duration_ms"], entry["fault"]) == (None, None, "f1")


@pytest.mark.parametrize("end", ["fault", "faults", "reset", "company", "put"])
def test_an_answer_that_never_comes_ends_with_its_fault(tenant: Tenant, end: str) -> None:
    fault = add(tenant, answer="never")
    with ThreadPoolExecutor(20) as pool:
        held = [pool.submit(tenant.api, "GET", "/devices") for _ in range(20)]
        wait_until(struck(tenant, 20))
        # More of them than the server has threads, and it still answers.
        assert tenant.admin.create().devices() == []
        assert not any(future.done() for future in held)
        {
            "fault": lambda: tenant("DELETE", f"/faults/{fault}"),
            "faults": lambda: tenant("DELETE", "/faults"),
            "reset": lambda: tenant("POST", "/reset"),
            "company": lambda: tenant("DELETE", ""),
            "put": lambda: tenant.admin.call("PUT", tenant.path, {}, 201),
        }[end]()
        for future in held:
            response = future.result(timeout=20)
            assert response.status_code == 503
            assert "has ended" in response.json()["description"]


def test_it_ends_with_the_server_too() -> None:
    server = Server(create_app(Config(fixtures=["empty"])))
    with requests.Session() as http:
        http.trust_env = False
        server.start()
        tenant = AdminClient(server.url, http).create()
        add(tenant, operation="listDevices", answer="never")
        add(tenant, operation="getDevice", latency={"fixed": 600_000})
        with ThreadPoolExecutor(2) as pool:
            never = pool.submit(tenant.api, "GET", "/devices")
            late = pool.submit(tenant.api, "GET", "/devices/X")
            wait_until(struck(tenant, 2))
            began = time.monotonic()
            server.stop()
            assert never.result(timeout=20).status_code == 503
            assert late.result(timeout=20).status_code == 404
    assert time.monotonic() - began < 15


def test_answers_that_never_come_are_bounded_in_number() -> None:
    faults = Faults()
    fault = added(faults, answer="never")
    ended: list[int] = []
    for number in range(MOST_HELD + 3):
        faults.hold(fault, None).when_over(lambda number=number: ended.append(number))  # type: ignore[misc]
    assert ended == [0, 1, 2]
    faults.clear()
    assert sorted(ended) == list(range(MOST_HELD + 3))
    # Who was about to be held when the fault went is not held.
    hold = faults.hold(fault, None)
    hold.when_over(lambda: ended.append(-1))
    assert ended[-1] == -1
    hold.wait()


def test_a_server_without_the_gateway_waits_in_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Config(fixtures=["empty"]))
    api = Api.of(app)
    faults = api.world.get("00000001").faults
    key = {"api_key": "ror-ae4fc6c19681a20fad30"}
    never = added(faults, answer="never", calls=1)
    waiting, removed, wait = threading.Event(), threading.Event(), Hold.wait

    def noticed(hold: Hold) -> None:
        waiting.set()
        wait(hold)

    def remove() -> None:
        waiting.wait()
        removed.set()
        faults.remove(never.id)

    monkeypatch.setattr(Hold, "wait", noticed)
    threading.Thread(target=remove, daemon=True).start()
    client = app.test_client()
    answer = client.get("/v0/devices", headers=key)
    assert b"Service unavailable" in answer.data
    assert (answer.status_code, removed.is_set()) == (503, True)
    added(faults, answer="cut", latency={"fixed": 1})
    cut = client.get("/v0/devices", headers=key)
    assert len(cut.data) < int(cut.headers["Content-Length"])
