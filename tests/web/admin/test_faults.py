"""Which requests a fault or a quota applies to, and how an invalid fault is refused."""

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from rufus_mock.world.faults import Faults
from tests.admin import AdminClient, Tenant
from tests.conftest import Served
from tests.web.faults.fault_calls import add, added


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


def test_a_fault_draws_the_same_whatever_else_is_random() -> None:
    def drawn() -> list[bool]:
        fault = added(Faults(), status=500, probability=0.3, seed=11)
        return [fault.strike("op", "GET", "/") is not None for _ in range(50)]

    first = drawn()
    random.seed(1)
    assert drawn() == first
    assert any(itertools.pairwise(first))
