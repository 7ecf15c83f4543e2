"""The doctor on real servers: what it finds, what it advises, and that it never shows a key."""

import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from time import time
from typing import Any

import pytest
import trustme
from werkzeug.serving import WSGIRequestHandler, make_server

from rufus_mock import cli
from rufus_mock.doctor import CLOCK_TOLERANCE, NOT_ASKED, NOTE, OK, WRONG, Doctor, Finding
from rufus_mock.web.app import create_app
from tests.servers import ADMIN, READ, WRITE, mock, serving

UNKNOWN = "ror-00000000000000000000"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@contextmanager
def werkzeug(application: Application, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """An application on the server of `flask run`, which drops headers with an underscore in their name."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.port}/v0"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status: str, body: str | Callable[[dict[str, Any]], str], *headers: tuple[str, str]) -> Application:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(status, list(headers))
        return [(body if isinstance(body, str) else body(environ)).encode()]

    return application


JSON = ("Content-Type", "application/json")


def examined(url: str, api_key: str | None = None) -> dict[str, Finding]:
    findings = list(Doctor(url, api_key).findings())
    assert [finding.question for finding in findings] == list(Doctor.QUESTIONS)
    for finding in findings:
        assert api_key is None or api_key not in finding.text
        assert "\n" not in finding.text
    return {finding.question: finding for finding in findings}


def verdicts(findings: dict[str, Finding]) -> dict[str, str]:
    return {question: finding.verdict for question, finding in findings.items()}


@pytest.fixture(scope="module", params=["pages", "openapi"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def url(dialect: str) -> Iterator[str]:
    with mock(dialect) as url:
        yield url


def test_every_check_passes_with_a_key_that_may_read(url: str, dialect: str) -> None:
    for key in (ADMIN, READ):
        found = examined(url, key)
        assert set(verdicts(found).values()) == {OK}
        assert found["dialect"].text.startswith(f"{dialect}: ")
        assert found["key"].text.startswith(f"…{key[-4:]} may read: 2 devices")


def test_a_write_key_arrives_but_may_not_read(url: str) -> None:
    found = examined(url, WRITE)
    assert found["api_key"].verdict == found["x-api-key"].verdict == OK
    assert found["key"].verdict == NOTE
    assert "it is a WRITE key" in found["key"].text


@pytest.mark.parametrize(("key", "advice"), [(UNKNOWN, "is unknown to the server"), ("password", "20 lower-case hex")])
def test_an_unknown_key_is_distinguished_from_a_lost_one(url: str, key: str, advice: str) -> None:
    found = examined(url, key)
    assert found["api_key"].verdict == OK
    assert found["key"].verdict == WRONG
    assert advice in found["key"].text


def test_without_a_key_an_invented_one_shows_which_headers_arrive(url: str) -> None:
    found = examined(url)
    assert found["api_key"].verdict == found["x-api-key"].verdict == OK
    assert found["key"].verdict == NOT_ASKED
    assert "RUFUS_API_KEY" in found["key"].text


@pytest.mark.parametrize("key", [READ, WRITE, UNKNOWN, None])
def test_a_server_that_drops_headers_with_an_underscore_is_detected(key: str | None) -> None:
    with werkzeug(create_app()) as url:
        found = examined(url, key)
    assert found["api_key"].verdict == WRONG
    assert "underscores_in_headers on" in found["api_key"].text
    assert found["x-api-key"].verdict == OK
    if key == READ:
        assert found["key"].verdict == OK


def test_a_server_that_drops_both_headers_is_detected() -> None:
    def dropping(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop("HTTP_API_KEY", None)
        environ.pop("HTTP_X_API_KEY", None)
        return app(environ, start_response)

    app = create_app()
    with serving(dropping) as url:
        found = examined(url, READ)
    assert found["api_key"].verdict == found["x-api-key"].verdict == found["key"].verdict == WRONG
    assert "does not arrive or is unknown" in found["key"].text


def test_one_refusal_for_all_requests_says_nothing_about_the_headers() -> None:
    with serving(answering("403 FORBIDDEN", '{"description":"Forbidden"}', JSON)) as url:
        found = examined(url, READ)
    assert found["api_key"].verdict == found["x-api-key"].verdict == NOTE
    assert found["key"].verdict == WRONG


def test_a_server_that_requires_no_key_says_nothing_about_the_headers() -> None:
    with serving(answering("200 OK", '{"description":"Success","result":[]}', JSON)) as url:
        found = examined(url, READ)
    assert found["api_key"].verdict == NOTE


@pytest.mark.parametrize(("status", "verdict"), [("403 FORBIDDEN", WRONG), ("401 UNAUTHORIZED", WRONG)])
def test_an_undocumented_refusal_is_shown(status: str, verdict: str) -> None:
    def body(environ: dict[str, Any]) -> str:
        return json.dumps({"description": "No " + environ.get("HTTP_API_KEY", "") + environ.get("HTTP_X_API_KEY", "")})

    with serving(answering(status, body, JSON)) as url:
        found = examined(url, READ)
    assert found["key"].verdict == verdict
    assert status[:3] in found["key"].text


def test_only_get_requests_are_made() -> None:
    methods = []

    def recording(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        methods.append(environ["REQUEST_METHOD"])
        return app(environ, start_response)

    app = create_app()
    with serving(recording) as url:
        examined(url, ADMIN)
    assert set(methods) == {"GET"}


@pytest.mark.parametrize("key", [READ, None])
@pytest.mark.parametrize(
    ("application", "advice"),
    [
        (answering("200 OK", "<html>\n<h1>Welcome", ("Content-Type", "text/html")), "text/html: '<html> <h1>Welcome'"),
        (answering("200 OK", "[]", JSON), "expected a JSON object"),
        (
            answering("301 MOVED", "", ("Location", f"https://u:secret@there/?k={READ}")),
            "a redirect to https://…@there",
        ),
        (answering("404 NOT FOUND", "{}", JSON), "ends in /v0"),
        (answering("502 BAD GATEWAY", '{"description":"Bad gateway"}', JSON), "502 Bad gateway"),
    ],
)
def test_a_response_that_is_not_the_apis_ends_the_checks(
    application: Application, advice: str, key: str | None
) -> None:
    with serving(application) as url:
        found = examined(url, key)
    assert found["answer"].verdict == WRONG
    assert advice in found["answer"].text
    assert "secret" not in found["answer"].text
    assert {found[name].verdict for name in ("api_key", "x-api-key", "dialect", "clock", "key")} == {NOT_ASKED}


@pytest.mark.parametrize(
    ("offset", "verdict", "advice"),
    [
        (0, OK, "agree"),
        (-90, WRONG, "behind this machine. One of"),
        (3600, WRONG, "ahead of this machine. A whole number of hours"),
    ],
)
def test_clocks_are_compared(offset: int, verdict: str, advice: str) -> None:
    app = create_app()

    def shifted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("Date", formatdate(time() + offset, usegmt=True))], *rest)

        return app(environ, start)

    with serving(shifted) as url:
        clock = examined(url, READ)["clock"]
    assert clock.verdict == verdict
    assert advice in clock.text
    if offset:
        seconds = int(next(word for word in clock.text.split() if word.isdigit()))
        assert abs(seconds - abs(offset)) < CLOCK_TOLERANCE


def test_an_invalid_date_header_is_noted() -> None:
    app = create_app()

    def timeless(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return app(environ, lambda status, headers, *rest: start_response(status, [*headers, ("Date", "soon")], *rest))

    with serving(timeless) as url:
        assert examined(url, READ)["clock"].verdict == NOTE


def test_a_port_that_nobody_listens_on_is_detected() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found = examined(f"http://127.0.0.1:{taken.getsockname()[1]}/v0", READ)
    assert found["route"].verdict == WRONG
    assert "does not accept connections" in found["route"].text
    assert found["answer"].verdict == NOT_ASKED


@pytest.mark.parametrize("host", ["rufus-mock.invalid", "a" * 70 + ".invalid"])
def test_a_name_that_does_not_resolve_is_detected(host: str) -> None:
    found = examined(f"https://{host}/v0", READ)
    assert found["name"].verdict == WRONG
    assert "does not resolve" in found["name"].text
    assert found["route"].verdict == NOT_ASKED


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextmanager
def over_tls(authority: trustme.CA, *names: str) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    with werkzeug(create_app(), context) as url:
        yield url


def test_a_certificate_of_an_untrusted_authority_is_detected(authority: trustme.CA) -> None:
    with over_tls(authority, "127.0.0.1") as url:
        found = examined(url, READ)
    assert found["TLS"].verdict == WRONG
    assert "unable to get local issuer certificate" in found["TLS"].text
    assert "REQUESTS_CA_BUNDLE" in found["TLS"].text
    assert found["answer"].verdict == NOT_ASKED


def test_a_certificate_must_be_trusted_and_issued_for_the_host(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    with over_tls(authority, "127.0.0.1") as url:
        found = examined(url, READ)
    assert found["TLS"].verdict == found["answer"].verdict == found["key"].verdict == OK
    with over_tls(authority, "elsewhere.example") as url:
        found = examined(url, READ)
    assert found["TLS"].verdict == WRONG
    assert "IP address mismatch" in found["TLS"].text
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
    with over_tls(authority, "127.0.0.1") as url:
        assert "whether REQUESTS_CA_BUNDLE is right" in examined(url, READ)["TLS"].text


def test_https_to_a_server_without_tls_is_detected(url: str) -> None:
    found = examined(url.replace("http:", "https:"), READ)
    assert found["TLS"].verdict == WRONG
    assert "should start with http://" in found["TLS"].text


def test_requests_go_through_the_proxy_of_the_environment(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # The mock is not a proxy: it treats the whole URL as an unknown path.
    monkeypatch.setenv("http_proxy", url.removesuffix("/v0").replace("//", "//user:secret@"))
    found = examined("http://rufus.invalid/v0", READ)
    assert found["name"].verdict == found["route"].verdict == NOTE
    assert "127.0.0.1" in found["route"].text
    assert "secret" not in found["route"].text
    assert found["TLS"].verdict == NOTE


def test_a_connection_that_is_closed_without_a_response_is_detected() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            connection.close()

    thread = threading.Thread(target=hang_up)
    thread.start()
    with listener:
        found = examined(f"http://127.0.0.1:{listener.getsockname()[1]}/v0", READ)
        thread.join(5)
    assert found["answer"].verdict == WRONG
    assert "no response to GET" in found["answer"].text


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(["doctor", *arguments])
    assert isinstance(ended.value.code, int)
    captured = capsys.readouterr()
    return ended.value.code, captured.out + captured.err


def test_the_command_prints_one_line_per_check(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUFUS_API_KEY", READ)
    status, output = run(capsys, url)
    assert status == 0
    assert [line.split()[0] for line in output.splitlines()] == list(Doctor.QUESTIONS)
    assert READ not in output
    status, output = run(capsys, url, "--api-key", UNKNOWN)
    assert status == 1
    assert "WRONG" in output
    assert UNKNOWN not in output


@pytest.mark.parametrize(
    "url", ["localhost:8080/v0", "ftp://host/v0", "http://", "http://host:99999999/", "http://[/v0"]
)
def test_an_invalid_url_is_reported_in_one_line(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, output = run(capsys, url)
    assert status == 2
    assert output.count("\n") == 1
    assert "not a URL of the form https://host/v0" in output


@pytest.mark.parametrize("key", [READ + "\n", READ + " ", "ror-…"])
def test_a_key_that_no_header_can_hold_is_reported_in_one_line(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, output = run(capsys, "http://localhost/v0", "--api-key", key)
    assert status == 2
    assert output.count("\n") == 1
    assert "a line feed" in output
    assert key.strip() not in output


def test_missing_requests_is_reported(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    for name in [name for name in sys.modules if name.startswith("rufus_mock.doctor")]:
        monkeypatch.delitem(sys.modules, name)
    status, output = run(capsys, "http://localhost/v0")
    assert status == 2
    assert 'pip install "rufus-mock[contract]"' in output


def test_a_password_in_the_url_is_never_shown(capsys: pytest.CaptureFixture[str], url: str) -> None:
    _, output = run(capsys, url.replace("//", "//user:secret@"), "--api-key", READ)
    assert "secret" not in output
