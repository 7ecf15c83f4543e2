"""Faults, as real clients see them."""

import itertools
import json
import math
import random
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from rufus_mock.serving.alarm import Alarm
from rufus_mock.serving.server import Server
from rufus_mock.web.app import Config, create_app
from rufus_mock.web.faults.effect import Effect
from rufus_mock.web.faults.kinds.latency import Latency
from rufus_mock.web.request.api import Api
from rufus_mock.world.faults import MOST_HELD, Fault, Faults
from rufus_mock.world.holds import Hold
from tests.admin import AdminClient, Tenant
from tests.conftest import Served

CURL_CUT = 18
CURL_TIMED_OUT = 28


def curl(tenant: Tenant, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("curl")
    assert program
    line = [program, "-sS", "--noproxy", "*", "-H", f"api_key: {tenant.keys['read_write']}", *arguments]
    return subprocess.run([*line, f"{tenant.admin.url}/v0/devices"], capture_output=True, check=False)


def wait_until(condition: Any) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def struck(tenant: Tenant, number: int = 1) -> Any:
    return lambda: sum(fault["struck"] for fault in tenant("GET", "/faults")["faults"]) >= number


def add(tenant: Tenant, **fault: Any) -> str:
    id: str = tenant("POST", "/faults", fault, 201)["id"]
    return id


def added(faults: Faults, **fault: Any) -> Fault:
    return faults.add(fault, Effect(fault))


def test_another_status_with_its_headers_and_body(tenant: Tenant) -> None:
    add(tenant, status=429, headers={"Retry-After": "2", "X-Limit": "5"}, body={"slow": ["down"]})
    response = tenant.api("GET", "/devices")
    assert (response.status_code, response.json()) == (429, {"slow": ["down"]})
    assert (response.headers["Retry-After"], response.headers["X-Limit"]) == ("2", "5")
    printed = curl(tenant, "-w", "%{http_code} %header{retry-after}").stdout
    assert printed == b'{"slow":["down"]}429 2'


@pytest.mark.parametrize("status", [500, 503, 599])
def test_a_status_alone_has_a_body_that_says_it(tenant: Tenant, status: int) -> None:
    add(tenant, status=status)
    response = tenant.api("GET", "/devices")
    assert response.status_code == status
    assert list(response.json()) == ["description"]


def test_a_status_can_have_text(tenant: Tenant) -> None:
    add(tenant, status=502, text="<html>Bad Gateway", headers={"Content-Type": "text/html"})
    response = tenant.api("GET", "/devices")
    assert (response.text, response.headers["content-type"]) == ("<html>Bad Gateway", "text/html")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_body_ends_early_and_closes_the_connection(tenant: Tenant, when: str) -> None:
    tenant.bind()
    whole = tenant.api("GET", "/devices").content
    add(tenant, answer="cut", when=when)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        tenant.api("GET", "/devices")
    done = curl(tenant)
    assert done.returncode == CURL_CUT
    assert done.stdout == whole[: len(whole) // 2]


def test_a_cut_body_is_cut_over_http_2_too(tenant: Tenant) -> None:
    add(tenant, answer="cut")
    assert curl(tenant, "--http2-prior-knowledge").returncode != 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_empty_body(tenant: Tenant, when: str) -> None:
    add(tenant, answer="empty", when=when)
    response = tenant.api("GET", "/devices")
    assert (response.status_code, response.content) == (200, b"")
    assert curl(tenant, "-w", "%{http_code} %{size_download}").stdout == b"200 0"


@pytest.mark.parametrize("when", ["before", "after"])
def test_garbage_is_no_json(tenant: Tenant, when: str) -> None:
    add(tenant, answer="garbage", when=when)
    response = tenant.api("GET", "/devices")
    assert response.status_code == 200
    for content in (response.content, curl(tenant).stdout):
        with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
            json.loads(content)


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


@pytest.mark.parametrize(
    ("latency", "least"),
    [
        ({"fixed": 120}, 0.12),
        ({"uniform": {"low": 60, "high": 70}}, 0.06),
        ({"lognormal": {"median": 80, "sigma": 0}}, 0.08),
    ],
)
def test_a_latency_delays_the_true_answer(tenant: Tenant, latency: Any, least: float) -> None:
    add(tenant, latency=latency)
    began = time.monotonic()
    assert tenant.devices() == []
    assert time.monotonic() - began >= least
    assert tenant.journal()[0]["duration_ms"] >= least * 1000
    assert float(curl(tenant, "-o", "/dev/null", "-w", "%{time_starttransfer}").stdout) >= least


def test_late_answers_wait_side_by_side_and_come_when_their_fault_goes(tenant: Tenant) -> None:
    add(tenant, latency={"fixed": 600_000})
    with ThreadPoolExecutor(40) as pool:
        answers = [pool.submit(tenant.api, "GET", "/devices") for _ in range(40)]
        # The server has 8 threads: 40 of them could not wait on those.
        wait_until(struck(tenant, 40))
        tenant("DELETE", "/faults")
        assert {answer.result(timeout=30).status_code for answer in answers} == {200}


def test_latencies_are_spread_as_asked() -> None:
    def drawn(**latency: Any) -> list[float]:
        faults = Faults()
        added(faults, latency=latency, seed=3)
        kind = Latency({"latency": latency})
        strikes = [faults.strike("op", "GET", "/") for _ in range(4000)]
        return sorted(kind.milliseconds(random.Random(strike.seed)) for strike in strikes if strike)

    uniform = drawn(uniform={"low": 10, "high": 30})
    assert 10 <= uniform[0] < 11 < 29 < uniform[-1] <= 30
    assert 19 < uniform[2000] < 21
    lognormal = drawn(lognormal={"median": 200, "sigma": 0.5})
    assert 190 < lognormal[2000] < 210
    logs = [math.log(value / 200) for value in lognormal]
    assert 0.45 < math.sqrt(sum(log * log for log in logs) / len(logs)) < 0.55
    assert drawn(lognormal={"median": 600_000, "sigma": 5})[-1] == 600_000


@pytest.mark.parametrize("fault", [{"status": 503}, {"answer": "cut"}, {"answer": "empty"}, {"answer": "garbage"}])
@pytest.mark.parametrize("when", ["before", "after"])
def test_whether_a_faulted_write_is_stored_is_a_choice(tenant: Tenant, fault: Any, when: str) -> None:
    add(tenant, operation="bindDevice", when=when, **fault)
    try:
        tenant.api("POST", "/devices", json={"model": "M", "serial_number": "S-1"})
    except requests.exceptions.ChunkedEncodingError:
        assert fault == {"answer": "cut"}
    assert len(tenant.devices()) == (1 if when == "after" else 0)


def test_a_lost_answer_makes_a_device_send_twice(tenant: Tenant) -> None:
    token = tenant.api("POST", "/sessions", json={"deviceid": tenant.bind()}).json()["token_session"]
    add(tenant, operation="insertPassings", answer="never", when="after", calls=1)
    passings = [{"num_passing": 1, "timestamp": "2026-05-10T09:00:00.000Z", "bib": "7"}]
    with pytest.raises(requests.exceptions.ReadTimeout):
        tenant.api("POST", "/passings", json={"token_session": token, "passings_list": passings}, timeout=0.3)
    again = tenant.api("POST", "/passings", json={"token_session": token, "passings_list": passings})
    assert (again.status_code, again.json()["inserted_count"]) == (201, 0)


def statuses(tenant: Tenant, number: int) -> list[int]:
    return [tenant.api("GET", "/devices").status_code for _ in range(number)]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({}, [500, 500, 500, 500, 500]),
        ({"calls": 2}, [500, 500, 200, 200, 200]),
        ({"on_call": 3}, [200, 200, 500, 200, 200]),
        ({"on_call": 2, "calls": 3}, [200, 500, 500, 500, 200]),
        ({"probability": 0}, [200, 200, 200, 200, 200]),
    ],
)
def test_a_fault_keeps_its_schedule(tenant: Tenant, schedule: Any, expected: list[int]) -> None:
    id = add(tenant, status=500, **schedule)
    assert statuses(tenant, 5) == expected
    shown = tenant("GET", f"/faults/{id}")
    assert (shown["seen"], shown["struck"]) == (5, expected.count(500))
    assert shown["spent"] == (schedule.get("calls", 9) < 5 or "on_call" in schedule)


def test_a_probability_is_seeded(admin: AdminClient) -> None:
    runs = []
    for seed in (7, 7, 8):
        tenant = admin.create()
        add(tenant, status=500, probability=0.5, seed=seed)
        runs.append(statuses(tenant, 30))
    assert runs[0] == runs[1] != runs[2]
    assert 4 < runs[0].count(500) < 26


def test_a_fault_stands_on_an_operation_a_path_or_all(tenant: Tenant) -> None:
    deviceid = tenant.bind()
    calls = [("GET", "/devices"), ("GET", f"/devices/{deviceid}"), ("POST", "/devices"), ("GET", "/sessions/X")]
    for fault, expected in (
        ({"operation": "getDevice"}, [200, 500, 400, 404]),
        ({"path": "/v0/devices"}, [500, 200, 500, 404]),
        ({"path": "/v0/devices*", "method": "get"}, [500, 500, 400, 404]),
        ({"method": "POST"}, [200, 200, 500, 404]),
        ({}, [500, 500, 500, 500]),
    ):
        id = add(tenant, status=500, **fault)
        assert [tenant.api(*call).status_code for call in calls] == expected
        assert tenant("DELETE", f"/faults/{id}") == {"removed": [id]}
    assert tenant("GET", "/faults/f1", status=404)["id"] == "f1"


def test_the_first_fault_that_strikes_is_the_one(tenant: Tenant) -> None:
    add(tenant, status=500, calls=1)
    add(tenant, status=503, calls=1)
    assert statuses(tenant, 3) == [500, 503, 200]


def test_faults_are_one_companys(tenant: Tenant) -> None:
    add(tenant, status=500)
    assert tenant.admin.create().devices() == []


def test_the_journal_says_which_fault_struck_and_what_was_wrong_all_the_same(tenant: Tenant) -> None:
    add(tenant, status=500)
    tenant.api("POST", "/devices", json={"model": "M"})
    tenant.api("POST", "/devices", key="read", json={"model": "M"})
    entry, other = tenant.journal()
    assert (entry["status"], entry["fault"], entry["valid"]) == (500, "f1", False)
    assert entry["problems"][0]["parameter"] == "serial_number"
    assert entry["body"] == {"model": "M"}
    assert other["problems"][0]["parameter"] == "api_key"


@pytest.mark.parametrize(
    ("fault", "parameter"),
    [
        ({}, "answer"),
        ({"answer": "explode"}, "answer"),
        ({"status": 500, "answer": "cut"}, "answer"),
        ({"status": 99}, "status"),
        ({"body": {}, "answer": "cut"}, "status"),
        ({"status": 500, "body": {}, "text": ""}, "text"),
        ({"answer": "never", "latency": {"fixed": 1}}, "latency"),
        ({"answer": "never", "slow": {"bytes_per_second": 1}}, "slow"),
        ({"answer": "cut", "reset": "after_headers"}, "answer"),
        ({"status": 500, "reset": "after_headers"}, "reset"),
        ({"reset": "before_headers", "slow": {"bytes_per_second": 1}}, "slow"),
        ({"reset": "sometimes"}, "reset"),
        ({"reset": True}, "reset"),
        ({"slow": {"bytes_per_second": 0}}, "bytes_per_second"),
        ({"slow": {}}, "bytes_per_second"),
        ({"slow": 5}, "slow"),
        ({"latency": {}}, "latency"),
        ({"latency": {"fixed": -1}}, "fixed"),
        ({"latency": {"uniform": {"low": 2, "high": 1}}}, "low"),
        ({"status": 500, "operation": "eatDevice"}, "operation"),
        ({"status": 500, "headers": {"Content-Length": "1"}}, "Content-Length"),
        ({"status": 500, "headers": {"X": "a\nb"}}, "X"),
        ({"status": 500, "probability": 2}, "probability"),
        ({"status": 500, "calls": 0}, "calls"),
        ({"status": 500, "often": True}, "often"),
    ],
)
def test_a_fault_that_cannot_be_is_a_400(tenant: Tenant, fault: Any, parameter: str) -> None:
    assert tenant.admin.problem("POST", f"{tenant.path}/faults", fault)["parameter"] == parameter
    assert tenant("GET", "/faults") == {"faults": []}


def test_counters_are_exact_under_threads(served: Served, tenant: Tenant) -> None:
    add(tenant, status=500, probability=0.5, calls=150)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: tenant.api("GET", "/devices").status_code, range(400)))
    assert found.count(500) == 150
    fault = tenant("GET", "/faults")["faults"][0]
    assert (fault["seen"], fault["struck"], fault["spent"]) == (400, 150, True)
    assert tenant("GET", "/requests")["total"] == 400
    assert len(served.api.world.get(tenant.id).faults) == 1


def test_a_quota_answers_429_until_its_window_is_over(tenant: Tenant) -> None:
    tenant("PUT", "/clock", {"frozen": True})
    tenant("PUT", "/quota", {"requests": 2, "window_ms": 1500})
    assert statuses(tenant, 3) == [200, 200, 429]
    refused = tenant.api("POST", "/devices", json={})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert refused.json() == {"description": "Too many requests: the quota of this company is used up"}
    assert tenant("GET", "/quota") == {"quota": {"requests": 2, "window_ms": 1500}, "used": 2, "refused": 2}
    assert tenant.journal()[-1]["problems"][0]["parameter"] in {"model", "serial_number"}
    tenant("POST", "/clock/advance", {"milliseconds": 1500})
    assert statuses(tenant, 1) == [200]
    assert tenant("DELETE", "/quota")["quota"] is None
    assert statuses(tenant, 5) == [200] * 5


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


def test_the_alarm_calls_in_the_order_of_time() -> None:
    alarm, called, done = Alarm(), [], threading.Event()
    now = time.monotonic()
    alarm.at(now + 0.15, done.set)
    for moment in (0.1, 0.02, 0.06):
        alarm.at(now + moment, lambda moment=moment: called.append(moment))  # type: ignore[misc]
    assert done.wait(20)
    assert called == [0.02, 0.06, 0.1]


def test_a_fault_draws_the_same_whatever_else_is_random() -> None:
    def drawn() -> list[bool]:
        fault = added(Faults(), status=500, probability=0.3, seed=11)
        return [fault.strike("op", "GET", "/") is not None for _ in range(50)]

    first = drawn()
    random.seed(1)
    assert drawn() == first
    assert any(itertools.pairwise(first))


@pytest.mark.parametrize("name", ["1", "0", "X-1", "!#$%&'*+-.^_`|~9"])
def test_every_token_is_a_header_of_a_fault(tenant: Tenant, name: str) -> None:
    add(tenant, status=429, headers={name: "visible ~ text"})
    assert tenant.api("GET", "/devices").headers[name] == "visible ~ text"


@pytest.mark.parametrize("name", ["", " ", "a b", "a:", "X\n", "X\r\nY: z", "é", "☃", "a/b", "(x)", "x\0", "1,2"])
def test_what_is_no_name_of_a_header_is_a_400_that_names_it(tenant: Tenant, name: str) -> None:
    problem = tenant.admin.problem("POST", f"{tenant.path}/faults", {"status": 500, "headers": {name: "x"}})
    assert problem["pointer"] == "/headers/" + name.replace("/", "~1")
    assert problem["expected"].startswith("the name of a header: ")
    assert tenant("GET", "/faults") == {"faults": []}


@pytest.mark.parametrize("name", ["1", "X"])
@pytest.mark.parametrize("value", ["a\r\nb", "a\n", "\0", "\x7f", "\t", "é", "☃", 5, None, ["a"]])
def test_what_is_no_value_of_a_header_is_a_400_that_names_it(tenant: Tenant, name: str, value: Any) -> None:
    problem = tenant.admin.problem("POST", f"{tenant.path}/faults", {"status": 500, "headers": {name: value}})
    assert problem["pointer"] == f"/headers/{name}"
    assert problem["expected"] == ("visible ASCII characters and spaces" if isinstance(value, str) else "string")
    assert tenant("GET", "/faults") == {"faults": []}
