"""Targets without events, or with something else at the assumed path of events."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Response

from rufus_mock.contract import ADDITION, NOTE, Keys, Options, run_contract
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.report.report import CONFORMS, Report
from rufus_mock.web.app import Config, create_app
from tests.contract.mutants import checks_without_pages, raw
from tests.servers import ADMIN, READ, mock, serving

AT_THE_PATH_OF_EVENTS = {
    "a 404": (404, "application/json", b'{"description":"Not found"}'),
    "a 403 of a gateway": (403, "application/json", b'{"message":"Missing Authentication Token"}'),
    "a 405": (405, "application/json", b'{"description":"Method not allowed"}'),
    "a 401": (401, "application/json", b'{"message":"Unauthorized"}'),
    "a 500": (500, "application/json", b'{"message":null}'),
    "a redirect": (302, "text/html", b""),
    "an HTML page": (200, "text/html", b"<html></html>"),
    "an empty answer": (204, "application/json", b""),
    "a JSON list": (200, "application/json", b"[]"),
}


@contextmanager
def without_events(dialect: str, what: str) -> Iterator[str]:
    """The base URL of a server that has something else at /events."""
    status, content_type, content = AT_THE_PATH_OF_EVENTS[what]

    def otherwise(response: Response) -> None:
        response.status_code = status
        response.content_type = content_type
        response.set_data(content)

    app = create_app(Config(dialect=dialect))
    raw("listEvents", otherwise)(app)
    with serving(app) as url:
        yield url


@pytest.mark.parametrize("what", AT_THE_PATH_OF_EVENTS)
def test_a_server_without_events_has_no_drift(dialect: str, what: str) -> None:
    with without_events(dialect, what) as url:
        report = run_contract(Options(url, Keys(READ), examples=2, seed=1), checks=checks_without_pages())
    _has_no_events_and_no_drift(report)


def test_a_server_without_events_conforms_in_everything_else(dialect: str) -> None:
    with without_events(dialect, "a 404") as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=2, seed=1)
        report = run_contract(options, checks=checks_without_pages())
    _has_no_events_and_no_drift(report)
    assert {verdict.verdict for verdict in report.verdicts if verdict.name != "listEvents"} == {"conforms"}


def _has_no_events_and_no_drift(report: Report) -> None:
    (finding,) = report.findings
    assert (finding.kind, finding.rests_on, finding.pointer) == (NOTE, "listEvents events-path", "#status")
    assert (report.exit_status, report.defects) == (CONFORMS, [])
    (events,) = [verdict for verdict in report.verdicts if verdict.name == "listEvents"]
    assert (events.verdict, events.exercised) == ("not exercised", set())
    assert set(events.missing) == set(events.statements)
    assert all("/events, and this path is only assumed" in reason for reason in events.missing.values())


def _another_operation(response: Response) -> None:
    response.set_data(b'{"id":7,"result":[{"id":7,"event_token":null},"x",[]],"pagination":{"next":1}}')


def test_another_operation_at_the_path_of_events_is_no_drift() -> None:
    app = create_app()
    raw("listEvents", _another_operation)(app)
    with serving(app) as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=2, seed=1)
        report = run_contract(options, checks=checks_without_pages())
    assert {finding.operation for finding in report.findings} == {"listEvents"}
    assert {finding.kind for finding in report.findings} == {NOTE, ADDITION}
    assert {finding.evidence.level for finding in report.findings} == {"assumed"}
    assert (report.exit_status, report.defects) == (CONFORMS, [])


def test_one_operation_that_the_target_does_not_have_is_no_failure() -> None:
    app = create_app()
    raw("listEvents", lambda response: setattr(response, "status_code", 404))(app)
    with serving(app) as url:
        report = run_contract(Options(url, Keys(READ), examples=2, operations=("listEvents",)))
    assert [finding.kind for finding in report.findings] == [NOTE]
    assert report.exit_status == CONFORMS


def test_an_account_without_events_is_normal(dialect: str) -> None:
    with mock(dialect, "empty") as url:
        options = Options(url, Keys(ADMIN), allow_writes=True, examples=2, operations=("listEvents",))
        report = run_contract(options)
    assert report.findings == []
    events = next(verdict for verdict in report.verdicts if verdict.name == "listEvents")
    assert events.verdict == "conforms"
    assert "listEvents events-empty-list" in events.exercised
    assert {name: events.missing[f"listEvents {name}"] for name in ("events-order", "event-status", "event-pages")} == {
        "events-order": "the account has fewer than two events",
        "event-status": "the account has no events",
        "event-pages": "the account has fewer than two events",
    }
