"""The parts of granian that serving/worker.py relies on, although they are not a public interface."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import pytest
import requests

from rufus_mock.serving import worker
from rufus_mock.serving.server import _listen
from rufus_mock.serving.worker import LOGGER, Response, Worker

PARTS = {
    "granian._granian.SocketHolder": ("fd", "uds", "backlog"),
    "granian._granian.WorkerSignal": (),
    "granian._granian.WorkerSignal.add_cb": ("self",),
    "granian._granian.WorkerSignal.set": ("self",),
    "granian._granian.WSGIWorker": (
        *("worker_id", "sock", "ipc", "threads", "blocking_threads", "py_threads", "py_threads_idle_timeout"),
        *("backpressure", "http_mode", "ssl_enabled", "ssl_cert", "ssl_key", "ssl_protocol_min", "ssl_crl", "metrics"),
    ),
    "granian._granian.WSGIWorker.serve_mtr": ("self", "callback", "event_loop", "signal"),
    "granian._futures._new_cbscheduler": ("loop", "cb", "impl_asyncio"),
}
"""Each part and the parameters that we pass to it."""

SCOPE = {"REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "SERVER_PROTOCOL", "REMOTE_ADDR", "wsgi.input"}
"""Members of the WSGI environment that granian has to provide for each request."""


def missing(part: str) -> str | None:
    """What granian lacks of a part; None if it is all there."""
    module, names = part.split(".")[:2], part.split(".")[2:]
    try:
        found: Any = import_module(".".join(module))
        for name in names:
            found = getattr(found, name)
    except (ImportError, AttributeError):
        return f"granian {metadata.version('granian')} has no {part}: adapt rufus_mock/serving/worker.py"
    lost = [name for name in PARTS.get(part, ()) if name not in inspect.signature(found).parameters]
    if lost:
        takes = f"{part} takes no {', '.join(lost)}"
        return f"granian {metadata.version('granian')}: {takes}: adapt rufus_mock/serving/worker.py"
    return None


@pytest.mark.parametrize("part", PARTS)
def test_granian_has_the_part(part: str) -> None:
    lacking = missing(part)
    if lacking:
        pytest.fail(lacking, pytrace=False)


def test_a_part_that_disappears_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    version = metadata.version("granian")
    for part in ("granian._granian.WSGIWorker.serve_nothing", "granian._nothing.Worker"):
        assert missing(part) == f"granian {version} has no {part}: adapt rufus_mock/serving/worker.py"
    monkeypatch.setitem(PARTS, "granian._granian.SocketHolder", ("fd", "tls"))
    assert missing("granian._granian.SocketHolder") == (
        f"granian {version}: granian._granian.SocketHolder takes no tls: adapt rufus_mock/serving/worker.py"
    )


def test_every_part_that_the_worker_uses_is_named_here() -> None:
    tree = ast.parse(Path(worker.__file__).read_text(encoding="utf-8"))
    used = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "granian"
        for alias in node.names
    } - {"granian._granian"}
    used |= {
        f"granian._granian.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "_extension"
    }
    assert used
    assert used <= PARTS.keys()


class Parts:
    """The callable of a worker, which answers in both ways and notes what granian gave it."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] = {}
        self.closed = False

    def __call__(self, response: Response, scope: dict[str, Any]) -> None:
        self.scope = dict(scope)
        if scope["PATH_INFO"] == "/bytes":
            response.response_bytes(201, [("x-kind", "bytes")], b"whole")
        else:
            response.response_iter(202, [("x-kind", "iterator")], Chunks(self))


class Chunks(Iterator[bytes]):
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._left = [b"in ", b"parts"]

    def __next__(self) -> bytes:
        if not self._left:
            raise StopIteration
        return self._left.pop(0)

    def close(self) -> None:
        self._parts.closed = True


def test_granian_provides_the_environment_and_sends_both_kinds_of_response() -> None:
    parts = Parts()
    listener = _listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    worker = Worker(listener, parts, None)
    try:
        whole = requests.get(f"{url}/bytes?a=1", headers={"api_key": "k"}, timeout=10)
        assert (whole.status_code, whole.headers["x-kind"], whole.content) == (201, "bytes", b"whole")
        assert parts.scope.keys() >= SCOPE
        assert parts.scope["HTTP_API_KEY"] == "k"
        assert parts.scope["QUERY_STRING"] == "a=1"
        chunked = requests.get(f"{url}/", timeout=10)
        assert (chunked.status_code, chunked.headers["x-kind"], chunked.content) == (202, "iterator", b"in parts")
        assert parts.closed
    finally:
        worker.stop(5)


def test_granian_logs_with_the_logger_that_serve_configures() -> None:
    assert import_module("granian.log").logger.name == LOGGER
