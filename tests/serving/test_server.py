"""The server: one process, threads that share the state, no lost data, a clean stop."""

import os
import random
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from flask import Flask

from rufus_mock.serving.server import GRACE, Server
from rufus_mock.serving.worker import THREADS
from tests.conftest import Account, Served, sent
from tests.servers import ADMIN

CLIENTS = 50
PASSINGS = 100_000
BATCH = 100


def test_fifty_clients_with_repeats_out_of_order_store_each_passing_once(account: Account) -> None:
    deviceid = account.bind()
    token = account.open(deviceid)
    order = random.Random(7)
    numbers = list(range(PASSINGS))
    order.shuffle(numbers)
    batches = [numbers[start : start + BATCH] for start in range(0, PASSINGS, BATCH)]
    batches += order.sample(batches, len(batches) // 10)
    order.shuffle(batches)
    inserted = []

    def client(mine: list[list[int]]) -> None:
        with requests.Session() as http:
            http.trust_env = False
            for batch in mine:
                body = {"token_session": token, "passings_list": [sent(n, bib=str(n)) for n in batch]}
                headers = {"api_key": account.keys["write"]}
                response = http.post(account.base_url + "/passings", json=body, headers=headers, timeout=60)
                inserted.append(response.json()["inserted_count"])

    with ThreadPoolExecutor(CLIENTS) as pool:
        for future in [pool.submit(client, batches[index::CLIENTS]) for index in range(CLIENTS)]:
            future.result()

    assert sum(inserted) == PASSINGS
    assert account.session(token)["passings"] == PASSINGS
    pages = [account.read(token, page=page) for page in range(1, PASSINGS // 5000 + 1)]
    assert [entry["num_passing"] for page in pages for entry in page] == list(range(PASSINGS))
    assert all(entry["bib"] == str(entry["num_passing"]) for page in pages for entry in page)
    by_time = [account.read_device(deviceid, page=page) for page in range(1, PASSINGS // 5000 + 1)]
    assert by_time == pages


def test_many_threads_bind_a_device_only_once(account: Account) -> None:
    def bind(_: int) -> tuple[int, str]:
        response = requests.post(
            account.base_url + "/devices",
            json={"model": "M", "serial_number": "one"},
            headers={"api_key": account.keys["write"]},
            timeout=30,
        )
        return response.status_code, response.json()["deviceid"]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(bind, range(64)))
    assert sorted(status for status, _ in answers) == [201] + [409] * 63
    assert len({deviceid for _, deviceid in answers}) == 1


def test_many_threads_open_sessions_and_only_one_is_active(account: Account) -> None:
    deviceid = account.bind()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: account.request("POST", "/sessions", json={"deviceid": deviceid}), range(64)))
    sessions = account.get(f"/sessions/device/{deviceid}")["result"]
    assert len(sessions) == 64
    assert [session["active"] for session in sessions] == [False] * 63 + [True]


class Slow:
    """An application with one request that runs until a test ends it."""

    def __init__(self) -> None:
        self.running = threading.Event()
        self.end = threading.Event()
        self.app = Flask("slow")
        self.app.add_url_rule("/", view_func=self.view)

    def view(self) -> str:
        self.running.set()
        self.end.wait(30)
        return "done"


def test_stop_waits_for_a_running_request() -> None:
    slow = Slow()
    server = Server(slow.app)
    server.start()
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(requests.get, server.url, timeout=30)
        slow.running.wait(10)
        stopping = pool.submit(server.stop)
        threading.Timer(0.2, slow.end.set).start()
        assert answer.result().text == "done"
        stopping.result()
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=5)


def test_stop_does_not_wait_for_clients_with_open_requests_or_connections() -> None:
    slow = Slow()
    server = Server(slow.app)
    server.start()
    with socket.create_connection((server.host, server.port)) as idle, ThreadPoolExecutor(1) as pool:
        idle.sendall(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(1000)
        answer = pool.submit(requests.get, server.url, timeout=30)
        slow.running.wait(10)
        begun = time.monotonic()
        server.stop()
        assert time.monotonic() - begun < GRACE + 0.4
        slow.end.set()
        answer.exception()


def test_slow_request_bodies_do_not_block_other_requests(served: Served) -> None:
    body = b'{"model": "M", "serial_number": "slow %d"}'
    head = "POST /v0/devices HTTP/1.1\r\nHost: x\r\napi_key: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    with Server(served.app) as server, ExitStack() as stack:
        slow = []
        for number in range(THREADS - 1):
            connection = stack.enter_context(socket.create_connection((server.host, server.port), timeout=20))
            connection.sendall((head % (ADMIN, len(body % number))).encode() + body[:10])
            slow.append(connection)
        for _ in range(20):
            assert requests.get(server.url + "/openapi.json", timeout=10).status_code == 200
        for number, connection in enumerate(slow):
            connection.sendall((body % number)[10:])
            with connection.makefile("rb") as answer:
                assert answer.readline().startswith(b"HTTP/1.1 201")


def test_port_0_picks_a_free_port_each_time(served: Served) -> None:
    first, second = Server(served.app), Server(served.app)
    with first, second:
        assert len({served.server.port, first.port, second.port}) == 3
        for server in (first, second):
            assert requests.get(server.url + "/openapi.json", timeout=10).status_code == 200


def test_a_server_that_was_never_started_frees_its_port(served: Served) -> None:
    server = Server(served.app)
    server.stop()
    with Server(served.app, port=server.port):
        pass


def test_a_taken_port_raises_os_error(served: Served) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(served.app, port=served.server.port)


def test_ipv6_works(served: Served) -> None:
    try:
        server = Server(served.app, host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with server:
        assert "[::1]" in server.url
        assert requests.get(server.url + "/openapi.json", timeout=10).status_code == 200


def test_a_response_does_not_wait_for_the_clients_delayed_ack(account: Account) -> None:
    account.get("/devices")
    begun = time.monotonic()
    for _ in range(20):
        account.get("/devices")
    assert time.monotonic() - begun < 20 * 0.030


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts what Linux shows of a process")
def test_a_stopped_server_leaves_no_threads_and_no_sockets(served: Served) -> None:
    def serve_once() -> None:
        with Server(served.app) as server:
            assert requests.get(server.url + "/openapi.json", timeout=10).status_code == 200

    def count() -> tuple[int, int]:
        return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))

    serve_once()  # the first server opens resources that granian keeps for all later ones
    before = settled(count)
    for _ in range(3):
        serve_once()
    after = settled(count)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


def settled(count: Callable[[], tuple[int, int]]) -> tuple[int, int]:
    """The count when it has not fallen for half a second, because threads end shortly after the server."""
    lowest, since = count(), time.monotonic()
    while time.monotonic() < since + 0.5:
        time.sleep(0.02)
        if count() < lowest:
            lowest, since = count(), time.monotonic()
    return lowest
