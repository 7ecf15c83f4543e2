"""deploy/nginx.conf in a real nginx in front of a real mock."""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Account, Served, sent

CONF = Path(__file__).parent.parent.parent / "deploy" / "nginx.conf"
# Debian installs nginx in a folder that is only on root's PATH.
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
AROUND = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/rufus-mock.conf;
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx (Debian: apt-get install nginx-light)")

Proxy = Callable[..., str]


@pytest.fixture
def proxy(served: Served, tmp_path: Path) -> Iterator[Proxy]:
    """Start nginx with the file, except for the addresses and the given replacements. Returns its URL."""

    def nginx(*arguments: str) -> None:
        done = subprocess.run(
            [str(NGINX), "-p", str(tmp_path), "-e", str(tmp_path / "error.log"), "-c", "around.conf", *arguments],
            capture_output=True,
            text=True,
            timeout=20,
        )
        assert done.returncode == 0, done.stderr

    def start(*replaced: tuple[str, str]) -> str:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        text = CONF.read_text()
        for old, new in (
            ("127.0.0.1:8080", f"127.0.0.1:{served.server.port}"),
            ("listen 80 ", f"listen 127.0.0.1:{port} "),
            *replaced,
        ):
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "rufus-mock.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        (tmp_path / "around.conf").write_text(AROUND.format(folder=tmp_path, user=user))
        nginx("-t")
        nginx()  # returns when it listens
        return f"http://127.0.0.1:{port}"

    yield start
    nginx("-s", "stop")


def curl(*arguments: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}", *arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(body)


def test_the_vendors_curl_line_is_answered_through_nginx(proxy: Proxy, account: Account) -> None:
    token_session = account.open(account.bind(), "START-5K")
    status, body = curl(
        "--header",
        "Content-Type: application/json",
        "--header",
        f"api_key: {account.keys['read']}",
        f"{proxy()}/v0/sessions/{token_session}",
    )
    assert (status, body) == (200, account.get(f"/sessions/{token_session}"))


def test_without_underscores_in_headers_nginx_drops_the_key(proxy: Proxy, account: Account) -> None:
    url = proxy(("underscores_in_headers on;", ""))
    account.bind()
    key = account.keys["read"]
    status, body = curl("--header", f"api_key: {key}", f"{url}/v0/devices")
    assert status == 400
    assert "api_key" in json.dumps(body)
    status, _ = curl("--header", f"x-api-key: {key}", f"{url}/v0/devices")
    assert status == 200


def test_a_body_of_many_megabytes_passes(proxy: Proxy, account: Account, tmp_path: Path) -> None:
    token_session = account.open(account.bind())
    passings = [sent(number) for number in range(40_000)]
    file = tmp_path / "passings.json"
    file.write_text(json.dumps({"token_session": token_session, "passings_list": passings}))
    assert file.stat().st_size > 2 * 1024 * 1024
    key = ["--header", f"api_key: {account.keys['write']}"]
    status, body = curl(*key, "--data-binary", f"@{file}", f"{proxy()}/v0/passings")
    assert (status, body["inserted_count"]) == (201, 40_000)


def test_a_truncated_response_of_the_mock_arrives_truncated(proxy: Proxy, served: Served, account: Account) -> None:
    account.bind()
    company = f"{served.server.url}/__admin/companies/{account.company.id}"
    fault = {"operation": "listDevices", "answer": "cut"}
    assert account.http.post(f"{company}/faults", json=fault, timeout=10).ok
    done = subprocess.run(
        ["curl", "--silent", "--header", f"api_key: {account.keys['read']}", f"{proxy()}/v0/devices"],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 18, "curl's status for a body that ends too early"
    assert done.stdout.startswith('{"desc')
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.stdout)
