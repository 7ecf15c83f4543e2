"""`rufus-mock contract --history`: the folder of reports, and what each run says about those before it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from rufus_mock.cli import main
from rufus_mock.web.app import create_app
from tests.contract.mutants import mutant_named
from tests.servers import ADMIN, serving

STATEMENT = "getDevice 404 DeviceNotFound"


class Target:
    """A server at one URL whose application can be exchanged between runs, and the command that compares it."""

    def __init__(self, url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.url, self.folder, self._capsys = url, folder, capsys
        self.application: Any = create_app()

    def run(self, *arguments: str) -> tuple[int, str, str]:
        options = ("--base-url", self.url, "--api-key", ADMIN, "--rate", "100000", "--operation", "getDevice")
        with pytest.raises(SystemExit) as ended:
            main(["contract", *options, "--history", str(self.folder), *arguments])
        return int(ended.value.code or 0), *self._capsys.readouterr()

    def kept(self) -> list[dict[str, Any]]:
        """The reports in the folder, in the order in which they were written."""
        paths = sorted(self.folder.glob("2*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(path.read_text()) for path in paths]


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Target]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / "cache"))
    targets: list[Target] = []
    with serving(lambda environ, start: targets[0].application(environ, start)) as url:
        targets.append(Target(url, tmp_path / "history", capsys))
        yield targets[0]
    set_hypothesis_home_dir(None)


def test_the_command_keeps_each_run_and_says_what_has_changed(target: Target) -> None:
    status, out, _ = target.run()
    assert (status, out.count("first run of this target")) == (0, 1)
    for name in ("notes.txt", "broken.json", "list.json"):
        (target.folder / name).write_text({"list.json": "[]", "broken.json": "{"}.get(name, "mine"))
    (target.folder / ".git").mkdir()
    target.application = mutant_named("device_404_is_html").application()
    status, out, err = target.run("--html", "a.html")
    lines = out.splitlines()
    start = lines.index("History")
    assert lines[start + 1].startswith("  compared with  1 earlier run, since 20")
    assert lines[start + 2 : start + 4] == [
        f"  new            breaking: getDevice body, {STATEMENT} (held before)",
        "  skipped        notes.txt, list.json, broken.json: not a report of a run",
    ]
    assert start < lines.index("DRIFT: 1 breaking")
    assert (status, err) == (1, "")
    html = Path("a.html").read_text()
    assert html.count("<svg role") == 1
    summary = "broken in 1 of the 2 runs that exercised it; in the latest run: broken"
    assert f'aria-label="{STATEMENT}: {summary}"' in html
    assert html.count("<rect") == 2
    assert "<script" not in html
    kept = target.kept()
    assert len(kept) == 2
    assert kept[1]["history"]["new"][0]["rests_on"] == STATEMENT
    assert f"{kept[0]['run_id']}.json" in os.listdir(target.folder)
    target.application = create_app()
    status, out, _ = target.run()
    assert f"  gone           breaking: getDevice body, {STATEMENT} (exercised again, and holds)" in out.splitlines()
    assert status == 0


def test_for_github_the_command_annotates_and_appends_to_the_summary(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("summary.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    target.application = mutant_named("device_404_is_html").application()
    status, out, _ = target.run("--github", "--markdown", "a.md")
    assert status == 1
    (line,) = [line for line in out.splitlines() if line.startswith("::")]
    assert line.startswith("::error title=breaking%3A getDevice 404 body::getDevice 404 body: expected JSON, but got ")
    assert Path("summary.md").read_text() == "before\n" + Path("a.md").read_text()
    assert ADMIN not in out + Path("a.md").read_text()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "no/such/folder")
    status, out, err = target.run("--github")
    assert (status, err) == (2, "rufus-mock: no/such/folder: cannot be written: No such file or directory\n")
    assert len(target.kept()) == 2


def test_another_target_is_not_compared_and_another_dialect_is_named(target: Target) -> None:
    target.run()
    (path,) = target.folder.iterdir()
    report = json.loads(path.read_text())
    elsewhere = {**report, "base_url": "https://elsewhere.example/v0", "run_id": "elsewhere"}
    (target.folder / "20990101T000000-a.json").write_text(json.dumps(elsewhere))
    path.write_text(json.dumps({**report, "dialect": "openapi"}))
    assert target.run()[0] == 0
    history = target.kept()[-1]["history"]
    assert (history["earlier_runs"], history["other_dialect"]) == (0, "openapi")
    assert (history["changed"], history["green"]) == (True, False)


def test_the_latest_thirty_runs_count_and_special_files_are_skipped(target: Target) -> None:
    target.run()
    (report,) = target.kept()
    for day in range(10, 50):
        name = f"20200101T0000{day}-a"
        content = {**report, "run_id": name, "started": f"2020-01-01T00:00:{day}+00:00"}
        (target.folder / f"{name}.json").write_text(json.dumps(content))
    os.mkfifo(target.folder / "fifo.json")
    (target.folder / "nested.json").write_text("[" * 100_000)
    (target.folder / "\x1b[2J.json").write_text("{}")
    status, out, _ = target.run()
    assert status == 0
    assert "  skipped        nested.json, fifo.json, \\x1b[2J.json: not a report of a run" in out.splitlines()
    history = target.kept()[-1]["history"]
    assert history["earlier_runs"] == 30
    assert history["runs"][0]["started"] == "2020-01-01T00:00:21+00:00"


def test_the_mock_in_this_process_is_the_same_target_at_any_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / "cache"))
    for _ in range(2):
        with pytest.raises(SystemExit):
            main(["contract", "--operation", "getDevice", "--examples", "1", "--history", str(tmp_path / "history")])
    assert "1 earlier run, since" in capsys.readouterr().out
    set_hypothesis_home_dir(None)


@pytest.mark.parametrize("name", ["a-file", "a-file/below"])
def test_a_folder_that_cannot_be_written_is_an_error_before_the_run(target: Target, name: str) -> None:
    Path("a-file").touch()
    target.folder = Path(name)
    status, out, err = target.run()
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "--history" in err


def test_a_folder_that_has_gone_does_not_prevent_the_other_reports(target: Target) -> None:
    mock, gone = target.application, target.folder

    def removing(environ: Any, start: Any) -> Any:
        if gone.is_dir():
            gone.rmdir()
        return mock(environ, start)

    target.application = removing
    status, _, err = target.run("--json", "a.json")
    assert status == 2
    assert err.endswith(".json: cannot be written: No such file or directory\n")
    assert json.loads(Path("a.json").read_text())["exit_status"] == 0


def test_a_read_only_folder_is_named(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", ".probe")

    monkeypatch.setattr("pathlib.Path.touch", refused)
    status, out, err = target.run()
    assert (status, out) == (2, "")
    assert err == f"rufus-mock: --history {target.folder}: cannot be written: Permission denied\n"
