"""import and export: a session stays the same on its way from a server to CSV, to a fixture and to a server again."""

from pathlib import Path
from typing import Any

import pytest

from rufus_mock.client import RufusClient
from tests.commands.test_cli import run
from tests.commands.test_cli import serving as command_serving
from tests.servers import ADMIN, READ, mock, serving

START_5K = "2A19294BB886C3D5C7783309BBC6E385515C843893A6BC126FECE3904C6E2B25"
DOWNLOAD = Path(__file__).parent.parent.parent / "fixtures" / "documented-start-5k.csv"


def passings(base_url: str, alias: str) -> list[dict[str, Any]]:
    """The passings of the device with this alias, without the members that identify device and session."""
    client = RufusClient(base_url, ADMIN)
    (device,) = [device for device in client.devices() if device["alias"] == alias]
    own = ("token_session", "deviceid")
    return [
        {name: value for name, value in passing.items() if name not in own}
        for passing in client.device_passings(device["deviceid"])
    ]


def test_an_export_equals_the_download_that_the_session_was_created_from(tmp_path: Path) -> None:
    out = tmp_path / "start.csv"
    with mock() as base_url:
        printed = run("export", START_5K, "--base-url", base_url)
        written = run("export", START_5K, "--base-url", base_url, "--api-key", READ, "--out", str(out))
    assert printed.stdout == DOWNLOAD.read_text()
    assert out.read_text() == DOWNLOAD.read_text()
    assert written.stdout == f"wrote {out}: 31 passings\n"


def test_an_import_can_be_served_and_exported_again(tmp_path: Path) -> None:
    fixture = tmp_path / "mine.json"
    done = run("import", str(DOWNLOAD), "--out", str(fixture))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"rufus-mock serve --fixture {fixture}" in done.stdout
    with command_serving("--fixture", str(fixture)) as (base_url, _), mock() as original:
        assert passings(base_url, "documented-start-5k") == [
            {name: value for name, value in passing.items() if name not in ("token_session", "deviceid")}
            for passing in RufusClient(original, ADMIN).session_passings(START_5K)
        ]
        client = RufusClient(base_url, ADMIN)
        (device,) = client.devices()
        (session,) = client.device_sessions(device["deviceid"])
        again = run("export", session["token_session"], "--base-url", base_url)
    assert again.stdout == DOWNLOAD.read_text()
    assert not session["active"]


def test_an_import_can_be_sent_to_a_server_repeatedly(tmp_path: Path) -> None:
    path = tmp_path / "Finish.csv"
    lines = [f"{number},2026-05-10T09:00:00.{number % 1000:03d}Z,{number}" for number in range(1, 1202)]
    path.write_text("\n".join(["num_passing,timestamp,bib", *lines]) + "\n")
    with mock("pages", "empty") as base_url:
        for times in (1, 2):
            done = run("import", str(path), "--base-url", base_url)
            assert done.returncode == 0, done.stderr
            assert done.stdout.startswith("Finish: 1201 passings, device ")
            assert len(passings(base_url, "Finish")) == times * 1201


def test_without_out_the_same_fixture_is_printed_each_time() -> None:
    first, second = (run("import", str(DOWNLOAD)) for _ in range(2))
    assert first.stdout == second.stdout
    assert first.stdout.count('"num_passing"') == 31


def test_an_empty_download_becomes_a_session_without_passings(tmp_path: Path) -> None:
    path = tmp_path / "nobody.csv"
    path.write_text(DOWNLOAD.read_text().partition("\n")[0] + "\n")
    assert '"passings": []' in run("import", str(path)).stdout


def test_a_server_that_is_not_the_mock_needs_allow_writes_and_exports_need_a_key(tmp_path: Path) -> None:
    methods: list[str] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        methods.append(environ["REQUEST_METHOD"])
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b'{"description":"Session not found"}']

    out = tmp_path / "x.csv"
    with serving(application) as url:
        refused = run("import", str(DOWNLOAD), "--base-url", url, "--api-key", ADMIN)
        keyless = run("export", START_5K, "--base-url", url, "--out", str(out))
        unknown = run("export", START_5K, "--base-url", url, "--api-key", ADMIN, "--out", str(out))
        assert set(methods) == {"GET"}
        failed = run("import", str(DOWNLOAD), "--base-url", url, "--api-key", ADMIN, "--allow-writes")
        assert "POST" in methods
    assert "--allow-writes" in refused.stderr
    assert "--api-key or RUFUS_API_KEY" in keyless.stderr
    assert "404 Session not found" in unknown.stderr
    assert "404 Session not found" in failed.stderr
    assert [done.returncode for done in (refused, keyless, unknown, failed)] == [2] * 4
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("num_passing,timestamp\nx,2026-05-10T09:00:00Z\n", "line 2, column num_passing: expected a whole number"),
        ("num_passing,timestamp\n1,0000-05-10T09:00:00Z\n", "line 2, column timestamp: "),
        ("bib\n7\n", "line 1: no column num_passing"),
    ],
)
def test_the_error_for_an_invalid_value_names_line_and_column(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    done = run("import", str(path), "--out", str(tmp_path / "out.json"))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.json").exists()


def test_unwritable_files_and_duplicate_names_are_reported() -> None:
    done = run("import", str(DOWNLOAD), "--out", "/nowhere/x.json")
    assert done.stderr == "rufus-mock: cannot write /nowhere/x.json: No such file or directory\n"
    done = run("import", str(DOWNLOAD), str(DOWNLOAD))
    assert "two files are named documented-start-5k" in done.stderr
