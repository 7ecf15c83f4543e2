"""--state: what was there is there again, and a file that is not ours stays as it is."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from rufus_mock.app import Config, create_app
from rufus_mock.http.operations import Mock
from rufus_mock.snapshots import snapshot
from rufus_mock.specification import Specification
from rufus_mock.state_file import StateFile, StateFileError
from rufus_mock.world import World

KEY = {"api_key": "ror-ae4fc6c19681a20fad30"}


def world_of(state: StateFile | None = None) -> World:
    mock: Mock = create_app(Config(fixtures=["empty"], state=state)).extensions["rufus_mock"]
    return mock.world


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "rufus_mock", "serve", "--port", "0", "--fixture", "empty", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process, process.stdout.readline().rpartition(" ")[2].strip().removesuffix("/v0")
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_there_is_there_again(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "state.json"
    with serving("--state", str(path)) as (process, url):
        body = {"model": "M", "serial_number": "S"}
        requests.post(url + "/v0/devices", json=body, headers=KEY, timeout=30)
        taken = requests.get(url + "/__admin/state", timeout=30).content
        assert not path.exists()
        process.send_signal(number)
        assert process.wait(30) == 0
    assert path.read_bytes() == taken
    assert os.listdir(tmp_path) == ["state.json"]
    with serving("--state", str(path)) as (process, url):
        assert requests.get(url + "/__admin/state", timeout=30).content == taken


def test_it_is_written_at_intervals_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with serving("--state", str(path), "--state-interval", "0.05") as (process, url):
        body = {"model": "M", "serial_number": "at intervals"}
        requests.post(url + "/v0/devices", json=body, headers=KEY, timeout=30)
        while not (path.exists() and b"at intervals" in path.read_bytes()):
            assert process.poll() is None


def test_a_reset_goes_back_to_the_fixtures_and_not_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    world = world_of()
    world.get("00000001").devices.bind("M", "S")
    made, _ = world.create(name="made")
    StateFile(path).save(world)
    again = world_of(StateFile(path))
    assert snapshot(again.companies.values()) == snapshot(world.companies.values())
    # A company that no fixture has begins with what the file has.
    again.get(made.id).devices.bind("M", "S")
    assert len(again.reset_company(made.id).devices) == 0
    assert again.get(made.id).name == "made"
    assert [company.id for company in again.reset()] == ["00000001", "00000002"]
    assert len(again.get("00000001").devices) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b'{"snapshot":1,"companies":[{"id":"0000', "not JSON"),
        (b"\x89PNG\r\n", "not UTF-8"),
        (b'{"some":"file"}', "companies"),
        (b'{"companies":[]}', "it is for --fixture"),
        (b'{"snapshot":2,"companies":[]}', "snapshot"),
        (
            b'{"snapshot":1,"companies":[{"id":"00000001","keys":[{"api_key":"ror-99999999999999999999","access":"READ"}]},'
            b'{"id":"00000002","keys":[{"api_key":"ror-99999999999999999999","access":"READ"}]}]}',
            "belongs to company",
        ),
    ],
)
def test_a_torn_or_foreign_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    with pytest.raises(StateFileError) as refused:
        world_of(StateFile(path))
    error = str(refused.value)
    assert error.startswith(f"{path}: not a state that rufus-mock wrote, or not all of it: ")
    assert said in error
    assert path.read_bytes() == content


def test_the_refusal_is_one_line_and_an_exit_status(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(b'{"snapshot":1,"companies":[{"id":"0000')
    with serving("--state", str(path)) as (process, _):
        assert process.wait(30) == 2
        assert process.stderr
        error = process.stderr.read()
    assert error.startswith(f"rufus-mock: {path}: not a state")
    assert len(error.splitlines()) == 1
    assert path.stat().st_size == 38
    assert os.listdir(tmp_path) == ["state.json"]


def test_a_folder_that_is_none_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="is not a folder that this user can write to"):
        StateFile(tmp_path / "nowhere" / "state.json")


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    world = world_of()
    StateFile(path).save(world)
    before = path.read_bytes()
    world.create()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rufus_mock.state_file.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        StateFile(path).save(world)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["state.json"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "state.json")
    StateFile(link).save(world_of())
    assert link.is_symlink()
    assert (tmp_path / "state.json").stat().st_size > 100


def test_a_state_that_cannot_be_kept_is_said_at_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with serving("--state", str(folder / "state.json")) as (process, _):
        shutil.rmtree(folder)
        process.terminate()
        assert process.wait(30) == 2
        assert process.stderr
        assert "the state is not kept" in process.stderr.read()


FAILING = """if True:
    import sys
    from pathlib import Path
    from rufus_mock import state_file
    from rufus_mock.__main__ import main

    write, calls = state_file.snapshot, []

    def snapshot(companies):
        calls.append(companies)
        if len(calls) in {failing}:
            raise ValueError("a world that cannot be written")
        return write(companies)

    state_file.snapshot = snapshot
    sys.argv[1:] = ["serve", "--port", "0", "--fixture", "empty", "--state", {path!r}, "--state-interval", "0.01"]
    main()
"""


def failing(path: Path, calls: str) -> subprocess.Popen[str]:
    """A server whose attempts to save with these numbers fail."""
    code = FAILING.format(failing=calls, path=str(path))
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def test_any_failure_to_save_is_reported_and_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with failing(path, "range(1, 4)") as process:
        assert process.stderr
        lines = [process.stderr.readline() for _ in range(3)]
        while not path.exists():
            assert process.poll() is None
        process.terminate()
        assert process.wait(30) == 0
        assert process.stderr.read() == ""
    said = f"rufus-mock: the state is not kept: {path}: ValueError: a world that cannot be written\n"
    assert lines == [said] * 3
    StateFile(path).load(world_of(), Specification())
    assert os.listdir(tmp_path) == ["state.json"]


def test_the_exit_status_says_that_the_last_state_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    StateFile(path).save(world_of())
    before = path.read_bytes()
    with failing(path, "range(1, 10**6)") as process:
        assert process.stderr
        process.stderr.readline()
        process.terminate()
        assert process.wait(30) == 2
        assert process.stderr.readlines()[-1].startswith(f"rufus-mock: the state is not kept: {path}: ValueError: ")
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["state.json"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_mode_of_the_file_is_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "state.json"
    path.touch()
    path.chmod(mode)
    StateFile(path).save(world_of())
    assert path.stat().st_mode & 0o777 == mode


def test_a_new_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    StateFile(path).save(world_of())
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_server_left_behind_is_removed_and_the_file_can_be_used_again(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    others = [".state.json.x.tmp", ".other.json.1.tmp", "state.json.1.tmp"]
    with serving("--state", str(path)) as (process, _):
        process.kill()
    for name in [".state.json.1.tmp", ".state.json.99999.tmp", *others]:
        (tmp_path / name).touch()
    with serving("--state", str(path)) as (process, _):
        process.terminate()
        assert process.wait(30) == 0
    assert sorted(os.listdir(tmp_path)) == sorted(["state.json", *others])


def test_a_second_server_does_not_start_with_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with socket.create_server(("127.0.0.1", 0)) as taken, serving("--state", str(path)) as (first, _):
        # That the file is in use is noticed before the port is.
        port = str(taken.getsockname()[1])
        for name in (path, link):
            with serving("--state", str(name), "--port", port) as (second, _):
                assert second.wait(30) == 2
                assert second.stderr
                assert second.stderr.read() == (
                    f"rufus-mock: {name}: in use by another rufus-mock serve. "
                    "Stop that one, or give this one another file.\n"
                )
        first.terminate()
        assert first.wait(30) == 0
    with serving("--state", str(path)) as (process, _):
        process.terminate()
        assert process.wait(30) == 0


NOT_REGULAR = "not a regular file. Give the path of a file, or of one to create."


@pytest.mark.parametrize("kind", ["FIFO", "socket", "device", "folder", "circle of links"])
def test_what_is_not_a_regular_file_is_refused_at_the_start(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "state.json"
    if kind == "FIFO":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(path))
    elif kind == "device":
        path = Path("/dev/null")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(path)
    with serving("--state", str(path)) as (process, _):
        assert process.wait(30) == 2
        assert process.stderr
        error = process.stderr.read()
    reason = "cannot be used: Symlink loop from .*" if kind == "circle of links" else re.escape(NOT_REGULAR)
    assert re.fullmatch(rf"rufus-mock: {path}: {reason}\n", error)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--state-interval", "1"], "needs --state"), (["--no-admin", "--admin-token", "x"], "no use with --no-admin")],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str], said: str) -> None:
    with serving(*arguments) as (process, _):
        assert process.wait(30) == 2
        assert process.stderr
        assert said in process.stderr.read()
