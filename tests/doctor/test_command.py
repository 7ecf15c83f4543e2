"""`rufus-mock doctor` as a user runs it: one line per check, and never a key."""

import sys

import pytest

from rufus_mock import cli
from rufus_mock.doctor import Doctor
from tests.doctor.examining import UNKNOWN
from tests.servers import READ


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
