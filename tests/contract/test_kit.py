"""The contract kit on a faultless mock, on targets that are not the API, and what it sends and reports."""

from typing import Any

import orjson
import pytest
from flask import Response, g, request

from rufus_mock.contract import CouldNotRun, Keys, Options, run_contract
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.report.report import CONFORMS, as_dict
from rufus_mock.web.app import Config, create_app
from tests.contract.mutants import checks_without_pages, mutant_named
from tests.contract.recorder import Recorder
from tests.servers import ADMIN, READ, WRITE, mock, serving


def test_the_faultless_mock_conforms_to_the_whole_contract(dialect: str) -> None:
    with mock(dialect) as url:
        report = run_contract(Options(url, fixture_keys(), allow_writes=True, examples=11, seed=1))
    assert report.findings == []
    assert report.dialect == dialect
    assert (report.coverage, report.conformance, report.exit_status) == (100.0, 100.0, CONFORMS)
    assert (report.left_behind, report.defects, report.stopped) == ([], [], None)


def test_a_run_leaves_the_account_as_it_was() -> None:
    app = create_app()
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    before = company.devices.page(1, 5000)
    with serving(app) as url:
        run_contract(Options(url, fixture_keys(), allow_writes=True, examples=2))
    assert company.devices.page(1, 5000) == before


@pytest.mark.parametrize("fixture", ["documented", "edge-cases", "empty"])
@pytest.mark.parametrize(
    "keys", [Keys(READ), Keys(ADMIN), Keys(read_key=READ, write_key=WRITE)], ids=["READ", "any", "two"]
)
def test_reads_alone_find_nothing_in_the_faultless_mock(dialect: str, fixture: str, keys: Keys) -> None:
    with mock(dialect, fixture) as url:
        report = run_contract(Options(url, keys, examples=6, seed=3))
    assert report.findings == []
    assert report.exit_status == CONFORMS
    assert report.coverage < 60
    assert report.requests < 200
    assert all(verdict.verdict == "not exercised" for verdict in report.verdicts if verdict.call[:3] not in ("GET", ""))


def test_reads_alone_send_nothing_but_get() -> None:
    with Recorder() as recorder:
        recorder.answers += [
            (200, {"Content-Type": "application/json"}, b'{"description":"Success","result":[]}')
        ] * 300
        run_contract(Options(recorder.url, Keys(ADMIN), examples=6))
        assert recorder.arrived
        assert [line for line in recorder.arrived if not line.startswith("GET ")] == []


def test_without_the_unbind_permission_one_device_is_left_and_named(dialect: str) -> None:
    with mock(dialect) as url:
        options = Options(url, Keys(READ, write_key=WRITE), allow_writes=True, examples=4, seed=2, budget=500)
        report = run_contract(options)
    assert report.findings == []
    assert len(report.left_behind) == 1
    assert "no unbind permission" in report.left_behind[0]


def test_a_key_that_may_not_write_turns_writes_off() -> None:
    with mock() as url:
        report = run_contract(Options(url, Keys(READ), allow_writes=True, examples=2))
    assert not report.writes
    assert report.findings == []
    assert "no key that was given may write" in {r for v in report.verdicts for r in v.missing.values()}


def test_the_budget_is_kept_and_the_device_removed() -> None:
    app = create_app()
    with serving(app) as url:
        report = run_contract(Options(url, Keys(ADMIN), allow_writes=True, budget=60))
    assert report.stopped == "all 60 requests of the budget are sent"
    assert report.exit_status == CONFORMS
    assert report.coverage < 60
    assert report.left_behind == []
    company = next(iter(app.extensions["rufus_mock"].world.companies.values()))
    assert company.devices.page(1, 5000)[1] == 2


def test_what_the_kit_inserts_is_what_the_dialect_documents(dialect: str) -> None:
    app = create_app(Config(dialect=dialect))
    taken: list[dict[str, Any]] = []

    @app.after_request
    def note(response: Response) -> Response:
        if request.endpoint == "passings.insertPassings" and response.status_code == 201:
            taken.extend(orjson.loads(g.body)["passings_list"])
        return response

    @app.before_request
    def keep() -> None:
        g.body = request.get_data()

    with serving(app) as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=6, seed=1)
        run_contract(options, checks=checks_without_pages())
    kinds = {type(passing[name]) for passing in taken for name in ("latitude", "longitude") if name in passing}
    assert kinds == ({float} if dialect == "openapi" else {str, float})
    assert any("chips" in passing for passing in taken) == (dialect == "pages")


def test_the_same_seed_finds_the_same_by_the_same_requests() -> None:
    reports = []
    for _ in range(2):
        with serving(mutant_named("bibs_are_stored_as_latin_1").application()) as url:
            options = Options(
                url, fixture_keys(), allow_writes=True, examples=5, seed=11, operations=("insertPassings",)
            )
            reports.append(run_contract(options, checks=checks_without_pages("insertPassings")))
    first, second = ([(f.fingerprint, f.expected, f.actual, f.seed) for f in report.findings] for report in reports)
    assert first == second != []
    assert reports[0].requests == reports[1].requests


def test_a_property_is_shown_in_a_small_example() -> None:
    with serving(mutant_named("coordinates_are_rounded").application()) as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=10, seed=1, operations=("insertPassings",))
        report = run_contract(options)
    assert all(len(finding.request) < 1500 for finding in report.findings)


def test_the_report_is_json() -> None:
    with mock() as url:
        report = run_contract(Options(url, Keys(READ), examples=1))
    assert orjson.loads(orjson.dumps(as_dict(report)))["coverage"]["statements"] == report.counts["statements"]


@pytest.mark.parametrize(
    ("status", "headers", "content", "message"),
    [
        (200, {"Content-Type": "text/html"}, b"<html>", "text/html in the place of JSON"),
        (301, {"Location": "https://elsewhere.example/"}, b"", "points to https://elsewhere"),
        (404, {"Content-Type": "application/json"}, b'{"message":"no"}', "no API below"),
        (403, {"Content-Type": "application/json"}, b'{"description":"No"}', "the key is refused: 403"),
        (429, {"Retry-After": "9999"}, b"", "asks for a wait"),
    ],
)
def test_a_target_that_is_no_api_is_told_in_one_line(
    status: int, headers: dict[str, str], content: bytes, message: str
) -> None:
    with Recorder() as recorder:
        recorder.answers += [(status, headers, content)] * 12
        with pytest.raises(CouldNotRun, match=message) as error:
            run_contract(Options(recorder.url, Keys(READ)))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("url", ["ftp://x/v0", "x", "http://", "http://127.0.0.1:99999/v0", "http://no-such.invalid/"])
def test_a_url_that_leads_nowhere_is_told_in_one_line(url: str) -> None:
    with pytest.raises(CouldNotRun):
        run_contract(Options(url, Keys(READ)))
