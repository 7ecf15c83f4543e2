"""The contract kit on servers that answer anything: it ends, names the exchange, and always writes its report."""

import json
import re
import ssl
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import trustme
from hypothesis.configuration import set_hypothesis_home_dir

from rufus_mock.base.printable import printable
from rufus_mock.cli import main
from rufus_mock.contract import Keys, Options, run_contract
from rufus_mock.contract.checks import all_checks
from rufus_mock.contract.checks.check import Check
from rufus_mock.contract.session.errors import CouldNotRun
from rufus_mock.web.app import create_app
from tests.contract.mutants import checks_without_pages
from tests.hostile import Behaviour, Close, answer, from_the, hostile, passed_on, sends
from tests.misbehaviours import EVERYTHING, INCOMPLETE, JUNK
from tests.servers import ADMIN, READ, mock, serving

GREETING = 3
"""The requests with which a run begins."""


class Ran:
    """A run of the command: its status, its lines, and its files, which are all valid and safe to show."""

    def __init__(self, folder: Path, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out.splitlines(), err.splitlines()
        self.text = (folder / "a.json").read_text(encoding="utf-8")
        self.report: dict[str, Any] = json.loads(self.text)
        self.junit = ElementTree.parse(folder / "a.xml").getroot()
        self.html = (folder / "a.html").read_text(encoding="utf-8")
        HTMLParser().feed(self.html)
        assert self.html.rstrip().endswith("</html>")
        shown = out + err + self.text + self.html + (folder / "a.xml").read_text(encoding="utf-8")
        assert all(character.isprintable() for character in shown.replace("\n", ""))
        assert "Traceback" not in shown

    @property
    def findings(self) -> list[dict[str, Any]]:
        return list(self.report["findings"])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Runs `rufus-mock contract` in this process, with all three files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / "cache"))

    def run(url: str, *arguments: object) -> Ran:
        files = ("--json", "a.json", "--junit", "a.xml", "--html", "a.html")
        options = ("--base-url", url, "--api-key", READ, "--seed", 1, "--rate", 100_000, *files, *arguments)
        with pytest.raises(SystemExit) as ended:
            main(["contract", *map(str, options)])
        return Ran(tmp_path, int(ended.value.code or 0), *capsys.readouterr())

    yield run
    set_hypothesis_home_dir(None)


@pytest.fixture(scope="module")
def faultless() -> Iterator[str]:
    with mock() as url:
        yield url


def timeout(name: str) -> float:
    return INCOMPLETE[name].timeout if name in INCOMPLETE else 30


@pytest.mark.parametrize("name", INCOMPLETE)
def test_a_server_whose_first_answer_is_not_complete_is_named_in_one_line(name: str, run: Callable[..., Ran]) -> None:
    each = INCOMPLETE[name]
    with hostile(each.behaviour) as server:
        ran = run(server.url, "--timeout", each.timeout)
        why = f"{server.url}: no answer: GET {server.url}/devices: no response: {each.said}"
    assert (ran.status, ran.err) == (2, [f"rufus-mock: {why}"])
    assert ran.out[-3:] == ["written: a.json", "written: a.xml", "written: a.html"]
    assert (ran.report["exit_status"], ran.report["coverage"]["exercised"]) == (2, 1)
    assert printable(ran.report["stopped"]) == why
    assert [(f["operation"], f["pointer"], f["kind"]) for f in ran.findings] == [("listDevices", "#answer", "breaking")]
    assert ran.findings[0]["request"].startswith("curl -H 'api_key: …1111' http://127.0.0.1:")
    assert ran.junit.get("failures") == "1"


@pytest.mark.parametrize("name", INCOMPLETE)
def test_answers_that_are_not_complete_are_drift_and_three_in_a_row_end_the_run(
    name: str, run: Callable[..., Ran], faultless: str
) -> None:
    each = INCOMPLETE[name]
    with hostile(from_the(GREETING + 1, each.behaviour, passed_on(faultless))) as server:
        ran = run(server.url, "--timeout", each.timeout)
        assert ran.status == 1
        assert ran.err == []
        assert ran.findings
        for finding in ran.findings:
            assert (finding["kind"], finding["pointer"]) == ("breaking", "#answer")
            assert finding["expected"] == "a complete HTTP answer"
            assert f"{server.url}/" in finding["actual"]
            assert finding["request"].startswith("curl -H 'api_key: …1111' http://127.0.0.1:")
        assert ran.report["stopped"].startswith("3 requests in a row got no answer; the last one: GET ")
    assert f"DRIFT: {len(ran.findings)} breaking" in ran.out
    assert ran.report["defects"] == []


def for_sessions(behaviour: Behaviour, otherwise: Behaviour) -> Behaviour:
    """Behaves in one way for the requests of getSession after the greeting, and in another for all others."""
    arrived: list[str] = []

    def behave(connection: Any, head: str) -> None:
        arrived.append(head)
        is_session = re.match(r"GET /v0/sessions/\w+[ ?]", head) is not None
        (behaviour if is_session and len(arrived) > GREETING else otherwise)(connection, head)

    return behave


@pytest.mark.parametrize("name", ["trickles a body", "sends a gzip bomb", "closes without an answer"])
def test_one_operation_without_complete_answers_does_not_end_the_run(
    name: str, run: Callable[..., Ran], faultless: str
) -> None:
    each = INCOMPLETE[name]
    behaviour = for_sessions(each.behaviour, passed_on(faultless))
    with hostile(behaviour) as server:
        ran = run(server.url, "--timeout", each.timeout)
    assert [(f["operation"], f["rests_on"], f["pointer"]) for f in ran.findings] == [
        ("getSession", "getSession 200 SessionInfo", "#answer")
    ]
    assert (ran.status, ran.report["stopped"], ran.report["defects"]) == (1, None, [])
    assert ran.out[-4] == "DRIFT: 1 breaking"
    failed = ran.junit.find(".//testcase[@classname='getSession']/failure")
    assert failed is not None
    assert "a complete HTTP answer" in (failed.text or "")


@pytest.mark.parametrize("name", [name for name in EVERYTHING if name not in INCOMPLETE])
def test_any_answers_are_findings_and_the_run_goes_on_to_its_end(
    name: str, run: Callable[..., Ran], faultless: str
) -> None:
    with hostile(from_the(GREETING + 1, EVERYTHING[name], passed_on(faultless))) as server:
        ran = run(server.url)
    assert (ran.status, ran.report["stopped"], ran.report["defects"], ran.err) == (1, None, [], [])
    assert f"DRIFT: {sum(f['kind'] == 'breaking' for f in ran.findings)} breaking" in ran.out
    assert all(finding["request"].startswith("curl ") for finding in ran.findings)
    if name in JUNK:
        places = {finding["pointer"] for finding in ran.findings if finding["operation"] == "listDevices"}
        assert any(place == "#body" or place.startswith("/result") for place in places)


def test_the_deadline_of_the_run_ends_it_and_what_it_made_is_removed(run: Callable[..., Ran]) -> None:
    app = create_app()
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    before = company.devices.page(1, 5000)
    with serving(app) as url:
        options = ("--api-key", ADMIN, "--allow-writes", "--rate", 40, "--deadline", 2)
        ran = run(url, *options)
    assert (ran.status, ran.err) == (2, [])
    assert ran.report["stopped"] == "the run has reached its deadline of 2 s"
    assert ran.out[-4] == "NOT COMPLETE"
    assert ran.report["left_behind"] == []
    assert company.devices.page(1, 5000) == before


def test_a_certificate_that_changes_during_the_run_ends_it(
    run: Callable[..., Ran], faultless: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, other = trustme.CA(), trustme.CA()
    trusted.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    used: list[ssl.SSLContext] = []

    def tls() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (trusted if len(used) < 5 else other).issue_cert("127.0.0.1").configure_cert(context)
        used.append(context)
        return context

    pass_on = passed_on(faultless)

    def once(connection: Any, head: str) -> None:
        pass_on(connection, head)
        raise Close

    with hostile(once, tls) as server:
        ran = run(server.url)
    assert (ran.status, ran.err, ran.findings) == (2, [], [])
    assert "GET https://127.0.0.1" in ran.report["stopped"]
    assert "certificate verify failed" in ran.report["stopped"]
    assert ran.out[-4] == "NOT COMPLETE"


def test_a_defect_of_a_check_is_reported_and_the_next_check_runs(
    run: Callable[..., Ran], faultless: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = all_checks(("getDevice",))

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("\x1b[2J")

    defective = Check(first.name, first.title, first.module, first.operations, False, (), broken)
    monkeypatch.setattr("rufus_mock.contract.runner.all_checks", lambda _: [defective, *others])
    monkeypatch.setattr("traceback.format_exception", lambda error: [f"trace\n{type(error).__name__}: {error}\n"])
    ran = run(faultless, "--operation", "getDevice")
    assert (ran.status, ran.err) == (2, [])
    assert ran.report["defects"] == [f"{first.name}: trace\nZeroDivisionError: \x1b[2J\n"]
    line = f"A check broke down on this target; please report it: {first.name}: ZeroDivisionError: \\x1b[2J"
    assert line in ran.out
    assert ran.out[-4] == "NOT COMPLETE"
    assert ran.junit.get("errors") == "1"
    assert ran.report["coverage"]["exercised"] > 0


def test_a_report_that_cannot_be_written_does_not_prevent_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faultless: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: Any) -> None:
        raise ValueError("no")

    monkeypatch.setattr("rufus_mock.contract.command.write_json", fails)
    options = ("--api-key", READ, "--rate", "100000", "--operation", "getDevice")
    paths = ("--json", str(tmp_path / "a.json"), "--html", str(tmp_path / "a.html"))
    with pytest.raises(SystemExit) as ended:
        main(["contract", "--base-url", faultless, *options, *paths])
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"rufus-mock: {tmp_path}/a.json: cannot be written: no\n"
    assert "</html>" in (tmp_path / "a.html").read_text()
    set_hypothesis_home_dir(None)


def test_a_run_that_could_not_begin_has_a_report_too() -> None:
    with hostile(sends(answer(b"null"))) as server, pytest.raises(CouldNotRun) as error:
        run_contract(Options(server.url, Keys(READ)), checks=checks_without_pages())
    assert error.value.report.stopped == str(error.value)
    assert error.value.report.exit_status == 2
