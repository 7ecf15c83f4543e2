"""rufus-mock spec-watch as a user starts it: what it prints, writes, accepts and refuses."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema
import pytest
import yaml

from rufus_mock.base.resources import folder
from rufus_mock.spec_watch.vendor import UnusableDocument, read
from tests.commands.test_cli import run
from tests.hostile import for_ever, hostile
from tests.spec_watch.documents import Content, vendor_document


def changed(document: Content) -> None:
    """One difference of each kind."""
    document["info"] = {"title": "RUFUS Public REST API", "version": "0.2.0"}
    document["components"]["schemas"]["BindDevice"]["required"].append("alias")
    document["paths"]["/telemetry"] = {"post": {"responses": {}}}
    responses = document["paths"]["/sessions"]["post"]["responses"]
    responses["200"] = responses.pop("201")


REPORT = """\
RUFUS Public REST API 0.2.0, compared with the contract in the dialect openapi

breaking (1): a client that was written against the contract may fail
  bindDevice: request /alias
      contract: optional
      document: required

compatible (1): a client that was written against the contract still works
  POST /telemetry: operation
      contract: no such operation
      document: a new operation

note (1): the contract only assumed this
  insertSession: status
      contract: 201
      document: 200

1 breaking, 1 compatible, 1 note
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "vendor.json"
    path.write_text(json.dumps(vendor_document(changed)))
    return path


def test_the_report_sorts_the_differences_and_the_status_is_1(document: Path) -> None:
    done = run("spec-watch", str(document), COLUMNS="80")
    assert (done.returncode, done.stdout, done.stderr) == (1, REPORT, "")


@pytest.mark.parametrize("width", [40, 60, 120])
def test_the_report_fits_the_terminal(document: Path, width: int) -> None:
    lines = run("spec-watch", str(document), COLUMNS=str(width)).stdout.splitlines()
    assert max(map(len, lines)) <= width


def test_a_document_that_says_the_same_is_a_success(tmp_path: Path) -> None:
    path = tmp_path / "vendor.yaml"
    path.write_text(yaml.safe_dump(vendor_document()))
    done = run("spec-watch", str(path))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "no differences")


def test_a_baseline_accepts_what_was_there_before(document: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert run("spec-watch", str(document), "--json", str(report)).returncode == 1
    schema = json.loads((folder("schemas") / "reports/spec-watch.json").read_text())
    jsonschema.validate(json.loads(report.read_text()), schema)
    done = run("spec-watch", str(document), "--baseline", str(report))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "no differences (3 accepted by the baseline)")

    def changed_again(content: Content) -> None:
        changed(content)
        del content["paths"]["/passings/device2/{deviceid}"]

    document.write_text(json.dumps(vendor_document(changed_again)))
    done = run("spec-watch", str(document), "--baseline", str(report))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 breaking, 0 compatible, 0 note (3 accepted by the baseline)"


def test_strict_fails_for_every_difference(tmp_path: Path) -> None:
    path = tmp_path / "vendor.json"
    path.write_text(json.dumps(vendor_document(lambda content: content["paths"].update({"/new": {"get": {}}}))))
    assert run("spec-watch", str(path)).returncode == 0
    assert run("spec-watch", str(path), "--strict").returncode == 1


def test_what_the_document_calls_itself_cannot_control_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "vendor.json"
    hostile = {"title": "\x1b[2J\u202eRUFUS", "version": "\ud800"}
    path.write_text(json.dumps(vendor_document(lambda content: content.update(info=hostile))))
    printed = run("spec-watch", str(path), "--json", str(tmp_path / "report.json"))
    assert printed.stdout.startswith(r"\x1b[2J\u202eRUFUS \ud800, compared")
    json.loads((tmp_path / "report.json").read_text())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "expected an OpenAPI document, found NoneType"),
        (b"[]", "expected an OpenAPI document, found list"),
        (b"a: b: c", "neither JSON nor YAML: mapping values are not allowed in this context (line 1, column 5)"),
        (b"\xff\xfe\x00", "neither JSON nor YAML: "),
        (b'{"swagger": "2.0", "paths": {}}', "expected OpenAPI 3, found Swagger 2.0: convert it first"),
        (b'{"paths": {}}', 'expected an OpenAPI 3 document, with a member "openapi" such as "3.0.3"'),
        (b'{"openapi": "3.0.3"}', 'expected a member "paths" with the operations'),
    ],
)
def test_what_is_no_such_document_is_said_in_one_line(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "vendor"
    path.write_bytes(content)
    done = run("spec-watch", str(path))
    assert done.returncode == 2
    assert f"{path}: {problem}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_does_not_exist_is_said_in_one_line(tmp_path: Path) -> None:
    done = run("spec-watch", str(tmp_path / "none.json"))
    assert (done.returncode, "none.json: No such file or directory" in done.stderr) == (2, True)
    done = run("spec-watch", str(tmp_path / "none.json"), "--baseline", __file__)
    assert done.returncode == 2


@contextmanager
def published(content: bytes, status: int = 200) -> Iterator[str]:
    """The URL of a server that answers with a document."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/openapi.json"
        finally:
            server.shutdown()


def test_a_document_is_read_from_a_url(document: Path) -> None:
    with published(document.read_bytes()) as url:
        assert run("spec-watch", url, COLUMNS="80").stdout == REPORT
    with published(b"{}", 404) as url:
        done = run("spec-watch", url)
    assert (done.returncode, "the server answered with status 404" in done.stderr) == (2, True)
    done = run("spec-watch", url)
    assert (done.returncode, f"{url}: the document cannot be fetched" in done.stderr) == (2, True)


def test_a_server_that_never_ends_its_document_does_not_hold_the_command() -> None:
    trickling = for_ever(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b" ", 0.01)
    with hostile(trickling) as server, pytest.raises(UnusableDocument, match=r"not complete within 0\.3 s"):
        read(server.url, seconds=0.3)
