import http.client
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from rufus_mock.server import Server


def application(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]


def ask(server: Server) -> http.client.HTTPConnection:
    """A connection that got an answer and is kept open."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    return connection


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts what Linux shows of a process")
def test_a_stopped_server_leaves_no_threads_and_no_sockets() -> None:
    def count() -> tuple[int, int]:
        return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))

    with Server(application) as server:  # the first one opens what granian shares for good
        ask(server).close()
    assert eventually(lambda: count()[0] <= threading.active_count() + 1)
    before = count()
    for _ in range(3):
        with Server(application) as server:
            connection = ask(server)
        connection.close()
    assert eventually(lambda: count() <= before)


def test_a_stopped_server_takes_no_connections_and_closes_the_idle_ones() -> None:
    with Server(application) as server:
        connection = ask(server)
    connection.request("GET", "/")
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)


def test_a_running_request_is_answered_before_the_server_stops() -> None:
    arrived, go = threading.Event(), threading.Event()

    def waiting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        arrived.set()
        go.wait(5)
        return application(environ, start_response)

    server = Server(waiting)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", "/")
    arrived.wait(5)
    threading.Timer(0.1, go.set).start()
    server.stop()
    assert connection.getresponse().read() == b"ok"
    connection.close()


def test_a_server_that_never_started_can_be_stopped_and_gives_its_port_free() -> None:
    server = Server(application)
    server.stop()
    server.stop()
    Server(application, port=server.port).stop()
