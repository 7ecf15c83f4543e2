"""rufus-mock calibrate, from the command line to the files."""

import json
from pathlib import Path
from typing import Any

import pytest

from rufus_mock.assumptions.profile import read_profile
from rufus_mock.calibration.laboratory.probe import Probe
from rufus_mock.calibration.probes import binding
from rufus_mock.calibration.run import calibrate
from rufus_mock.cli import main
from rufus_mock.contract.embedded import fixture_keys
from tests.servers import mock
from tools.calibration import QUICK, Bench

KEY = fixture_keys().api_key or ""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the probes that send very much."""
    monkeypatch.setattr(calibrate, "__defaults__", (None, QUICK))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The exit status and the output of the command."""
    with pytest.raises(SystemExit) as ended:
        main(["calibrate", *map(str, arguments)])
    output = capsys.readouterr()
    return int(ended.value.code or 0), output.out, output.err


def wanted(bench: Bench, out: Path, *more: object) -> list[object]:
    return ["--base-url", bench.base_url, "--api-key", KEY, "--rate", 100_000, "--out", out, *more]


def test_a_profile_is_written_and_shown(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bench.choose({"sessions.order": "newest-first"})
    path = tmp_path / "profile.json"
    status, out, err = run(capsys, *wanted(bench, path))
    assert (status, err) == (0, "")
    profile = read_profile(path)
    assert profile["assumptions"]["sessions.order"]["variant"] == "newest-first"
    assert profile["made"]["dialect"] == bench.dialect
    assert profile["made"]["writes"] is False
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "sessions.order measured newest-first" in lines
    assert lines[-1] == f"written: {path}"
    assert KEY not in out + path.read_text()


def test_a_change_of_behaviour_is_reported_and_fails(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    bench.choose({})
    assert run(capsys, *wanted(bench, old))[0] == 0
    status, out, _ = run(capsys, *wanted(bench, new, "--diff", old))
    assert (status, out.splitlines()[-1]) == (0, f"nothing has changed since {old}")
    bench.choose({"access.missing-key": "401", "events.path": "none"})
    status, out, _ = run(capsys, *wanted(bench, new, "--diff", old))
    assert status == 1
    changes = [" ".join(line.split()) for line in out[out.index("changed since") :].splitlines()[1:]]
    assert "changed access.missing-key: measured 400 -> measured 401" in changes
    assert "changed events.path: measured events -> measured none" in changes
    assert "reach events.past-the-end: measured 200 -> not-reached" in changes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--base-url", "nowhere"], "rufus-mock: --base-url nowhere: not a URL such as https://api.runonrufus.com/v0"),
        (["--base-url", "http://127.0.0.1:9/v0"], "no answer"),
        (
            ["--diff", "{folder}/invalid.json"],
            "invalid.json: not a profile: at /profile: expected a value: it is required",
        ),
        (["--out", "{folder}"], "is a directory"),
        (
            ["--out", "{folder}/missing/profile.json"],
            "missing/profile.json: cannot be written: No such file or directory",
        ),
        (["--budget", "500"], "500 is not in the range 1<=x<=400"),
        (["--api-key", "ror-00000000000000000000"], "the key is refused: 403"),
    ],
)
def test_what_cannot_run_is_one_line_and_leaves_no_file(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "invalid.json").write_text("{}")
    out = tmp_path / "profile.json"
    with mock() as url:
        given = ["--base-url", url, "--api-key", KEY, "--out", out]
        status, _, err = run(capsys, *given, *(each.format(folder=tmp_path) for each in arguments))
    assert status == 2
    assert message in err
    assert len(err.splitlines()) == 1
    assert not out.exists()


def test_an_interrupted_run_removes_what_it_made(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.choose({})
    company = bench.api.world.get("00000001")
    bound: list[int] = []

    def interrupt(*_: Any) -> None:
        bound.append(len(company.devices))
        raise KeyboardInterrupt

    path = tmp_path / "profile.json"
    interrupted = Probe(interrupt, ("devices.identity",))
    probes = tuple(interrupted if probe is binding.identity else probe for probe in QUICK)
    monkeypatch.setattr(calibrate, "__defaults__", (None, probes))
    status, out, _ = run(capsys, *wanted(bench, path, "--allow-writes"))
    assert status == 130
    assert bound[0] > 2
    assert len(company.devices) == 2
    assert "interrupted: what the run made is removed" in " ".join(out.split())
    assert json.loads(path.read_text())["assumptions"]["devices.type"]["verdict"] == "not-reached"
