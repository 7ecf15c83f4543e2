"""The client, doctor, export and calibrate on servers that answer anything: one line, a status, never a traceback.

tests/contract/test_hostile.py does the same for the contract kit.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from rufus_mock.cli import main
from rufus_mock.client import (
    BoundedAdapter,
    Deadline,
    LimitExceeded,
    Limits,
    NoAnswer,
    RufusClient,
    RufusError,
    TooManyPages,
    UnreadableAnswer,
)
from tests.hostile import answer, for_ever, from_the, hostile, overloaded, sends
from tests.misbehaviours import EVERYTHING, INCOMPLETE, JUNK, LARGE, LATE, endless_pages
from tests.programs import environment
from tests.servers import READ

TOKEN = "A" * 64
FAST = 0.5
MEMORY = 1024**3

Run = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process. Returns its exit status and the lines of both outputs, which are all safe."""

    def run(*arguments: object) -> tuple[int, list[str], list[str]]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert all(character.isprintable() for character in (out + err).replace("\n", ""))
        return int(ended.value.code or 0), out.splitlines(), err.splitlines()

    return run


def timeout(name: str) -> float:
    return INCOMPLETE[name].timeout if name in INCOMPLETE else 30


@pytest.mark.parametrize("name", INCOMPLETE)
def test_the_client_raises_its_own_error_for_an_answer_that_is_not_complete(name: str) -> None:
    each = INCOMPLETE[name]
    with hostile(each.behaviour) as server, RufusClient(server.url, READ, limits=Limits(each.timeout)) as client:
        with pytest.raises(NoAnswer) as error:
            client.device("A")
        assert type(error.value) is (LimitExceeded if each.said in (LATE, LARGE) or "1 MiB" in each.said else NoAnswer)
        expected = f"GET {server.url}/devices/A: no response: "
        assert str(error.value).startswith(expected)
        assert error.value.sent > 0


@pytest.mark.parametrize("name", [name for name in EVERYTHING if name not in INCOMPLETE])
def test_the_client_reads_anything_or_raises_its_own_error(name: str) -> None:
    calls: list[Callable[[RufusClient], object]] = [
        lambda client: list(client.devices()),
        lambda client: client.device("A"),
        lambda client: client.bind_device("m", "s"),
        lambda client: client.open_session("A"),
        lambda client: client.close_session("A"),
        lambda client: client.session("A"),
        lambda client: client.insert_passings("A", []),
        lambda client: client.continue_device_passings("A"),
    ]
    with hostile(EVERYTHING[name]) as server, RufusClient(server.url, READ, limits=Limits(30, pages=20)) as client:
        for call in calls:
            caught = None
            try:
                call(client)
            except RufusError as error:
                caught = error
            if name in JUNK:
                assert isinstance(caught, UnreadableAnswer)
                assert caught.reply.json_error


def test_pages_that_never_end_are_given_up() -> None:
    with hostile(endless_pages()) as server, RufusClient(server.url, READ, limits=Limits(pages=7)) as client:
        with pytest.raises(TooManyPages, match=r"^listDevices: the list does not end within 7 pages$"):
            list(client.devices())
        assert len(server.arrived) == 7


def test_one_deadline_can_hold_for_many_requests() -> None:
    limits = Limits(deadline=Deadline(FAST))
    with (
        hostile(endless_pages()) as server,
        RufusClient(server.url, READ, limits=limits) as client,
        pytest.raises(LimitExceeded, match=r"the run has reached its deadline of 0\.5 s$"),
    ):
        list(client.devices())


def test_the_limits_hold_for_a_session_of_the_callers_own_that_mounts_the_adapter() -> None:
    with hostile(for_ever(b"", b"H", 0.02)) as server, requests.Session() as session:
        session.mount("http://", BoundedAdapter(Limits(FAST), max_retries=1))
        with pytest.raises(requests.RequestException, match=f"^{LATE}$"):
            session.get(server.url)
        with pytest.raises(LimitExceeded, match=f"{LATE}$"):
            RufusClient(server.url, READ, session=session).device("A")


@pytest.mark.parametrize("name", ["trickles a body", "sends 5 GB", "sends a gzip bomb"])
def test_bodies_are_limited_in_any_session(name: str) -> None:
    each = INCOMPLETE[name]
    limits = Limits(each.timeout)
    with (
        hostile(each.behaviour) as server,
        requests.Session() as session,
        pytest.raises(LimitExceeded, match=f"{each.said}$"),
    ):
        RufusClient(server.url, READ, session=session, limits=limits).device("A")


@pytest.mark.parametrize("name", INCOMPLETE)
def test_the_doctor_says_what_is_wrong_with_the_answer(name: str, run: Run) -> None:
    each = INCOMPLETE[name]
    with hostile(each.behaviour) as server:
        status, out, err = run("doctor", server.url, "--api-key", READ, "--timeout", each.timeout)
        assert (status, err) == (1, [])
        assert out[3] == f"answer     WRONG  no response to GET {server.url}/devices: {each.said}"
        assert {line.split()[1] for line in out[4:]} == {"-"}


@pytest.mark.parametrize("name", [name for name in EVERYTHING if name not in INCOMPLETE])
def test_the_doctor_ends_with_one_line_for_each_question(name: str, run: Run) -> None:
    with hostile(EVERYTHING[name]) as server:
        status, out, err = run("doctor", server.url, "--api-key", READ)
    assert (status in (0, 1), len(out), err) == (True, 9, [])


@pytest.mark.parametrize("name", INCOMPLETE)
def test_export_says_in_one_line_which_request_failed_and_leaves_no_file(name: str, run: Run, tmp_path: Path) -> None:
    each = INCOMPLETE[name]
    path = tmp_path / "out.csv"
    with hostile(from_the(2, each.behaviour, sends(answer(b"{}")))) as server:
        options = ("--base-url", server.url, "--api-key", READ, "--timeout", each.timeout, "--out", path)
        status, out, err = run("export", TOKEN, *options)
        request = f"GET {server.url}/passings/session/{TOKEN}"
        assert (status, out, err) == (2, [], [f"rufus-mock: {request}: no response: {each.said}"])
    assert not path.exists()


@pytest.mark.parametrize("name", [name for name in EVERYTHING if name not in INCOMPLETE])
def test_export_writes_a_file_or_says_why_not(name: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    with hostile(EVERYTHING[name]) as server:
        options = ("--base-url", server.url, "--api-key", READ, "--deadline", 2, "--out", path)
        status, out, err = run("export", TOKEN, *options)
    assert (status, len(out), len(err), path.exists()) in ((0, 1, 0, True), (2, 0, 1, False))


def test_export_keeps_an_existing_file_if_it_fails_half_way(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("before")
    with hostile(from_the(5, sends(answer(b"junk")), endless_pages())) as server:
        status, _, err = run("export", TOKEN, "--base-url", server.url, "--api-key", READ, "--out", path)
    assert (status, path.read_text()) == (2, "before")
    assert "expected a JSON object" in err[0]


@pytest.mark.parametrize("name", INCOMPLETE)
def test_calibrate_says_in_one_line_which_request_failed(name: str, run: Run, tmp_path: Path) -> None:
    each = INCOMPLETE[name]
    path = tmp_path / "profile.json"
    with hostile(each.behaviour) as server:
        options = ("--base-url", server.url, "--api-key", READ, "--timeout", each.timeout, "--rate", 100_000)
        status, _, err = run("calibrate", *options, "--out", path)
        request = f"GET {server.url}/devices"
        assert (status, err) == (
            2,
            [f"rufus-mock: {server.url}: no answer: {request}: no response: {each.said}"],
        )
    assert not path.exists()


@pytest.mark.parametrize("name", EVERYTHING)
def test_calibrate_ends_if_the_answers_become_anything(name: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    unknown = sends(answer(b'{"description":"Device not found"}', status=b"404 Not Found"))
    with hostile(from_the(6, EVERYTHING[name], unknown)) as server:
        options = ("--base-url", server.url, "--api-key", READ, "--timeout", timeout(name), "--rate", 100_000)
        status, out, err = run("calibrate", *options, "--out", path)
    assert (status, out[-1], err) == (0, f"written: {path}", [])
    assert {each["verdict"] for each in json.loads(path.read_text())["assumptions"].values()} >= {"not-reached"}


@pytest.mark.parametrize("retry_after", [b"\xb2", b"9" * 400, b"-1", b"\x9b31m"])
def test_any_retry_after_ends_in_one_line(retry_after: bytes, run: Run, tmp_path: Path) -> None:
    with hostile(overloaded(retry_after)) as server:
        options = ("--base-url", server.url, "--api-key", READ, "--deadline", FAST)
        status, _, err = run("calibrate", *options, "--out", tmp_path / "profile.json")
    if retry_after.isdigit():
        said = "the server answers 503 and asks for a wait of more than a week"
    else:
        said = "the run has reached its deadline of 0.5 s"
    assert (status, err) == (2, [f"rufus-mock: {said}"])


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", ["sends 5 GB", "sends 5 GB in chunks", "sends a gzip bomb"])
def test_a_huge_answer_is_never_held_in_memory(name: str, tmp_path: Path) -> None:
    with hostile(INCOMPLETE[name].behaviour) as server:
        command = [sys.executable, "-m", "rufus_mock", "contract", "--base-url", server.url, "--api-key", READ]
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            preexec_fn=_limited,
            env=environment(HOME=str(tmp_path)),
            timeout=60,
        )
        request = f"GET {server.url}/devices"
        assert ended.stderr == f"rufus-mock: {server.url}: no answer: {request}: no response: {LARGE}\n"
    assert ended.returncode == 2
