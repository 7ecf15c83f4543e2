from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from flask import Flask, Response, g, request

from rufus_mock.contract import ADDITION, BREAKING, NOTE, CouldNotRun, Keys, Options, run_contract
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.report.report import CONFORMS, as_dict
from rufus_mock.web.app import Config, create_app
from tests.contract.mutants import answers, checks_without_pages, each, mutant_named, raw
from tests.contract.test_transport import Recorder
from tests.servers import ADMIN, READ, WRITE, mock, serving


@pytest.fixture(params=["pages", "openapi"])
def dialect(request: pytest.FixtureRequest) -> str:
    assert isinstance(request.param, str)
    return request.param


def test_the_faultless_mock_conforms_to_the_whole_contract(dialect: str) -> None:
    with mock(dialect) as url:
        report = run_contract(Options(url, fixture_keys(), allow_writes=True, examples=25, seed=1))
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


def _adds_unknown_fields(app: Flask) -> None:
    def add(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{name: add(member) for name, member in value.items()}, "added_lately": {"a": 1}}
        return [add(entry) for entry in value] if isinstance(value, list) else value

    @app.after_request
    def added(response: Response) -> Response:
        whole = orjson.loads(response.get_data())
        body = {"body": add(whole["body"])} if whole.keys() == {"body"} else add(whole)
        response.set_data(orjson.dumps(body))
        return response


def test_unknown_fields_are_additions_and_fail_nothing(dialect: str) -> None:
    app = create_app(Config(dialect=dialect))
    _adds_unknown_fields(app)
    with serving(app) as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=2)
        report = run_contract(options, checks=checks_without_pages())
    assert {finding.kind for finding in report.findings} == {ADDITION}
    assert report.exit_status == CONFORMS
    assert report.conformance == 100.0
    assert len({finding.operation for finding in report.findings}) == 14


def _without(operation: str, *fields: str) -> Any:
    def leave_out(body: dict[str, Any]) -> None:
        for name in fields:
            body.pop(name)

    return answers(operation, leave_out)


LEFT_OUT = {
    "the counts of an insertion": _without("insertPassings", "inserted_count", "duplicate_count"),
    "the result of a list of devices": _without("listDevices", "result"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_the_openapi_dialect_does_not_require_can_be_left_out(name: str) -> None:
    app = create_app(Config(dialect="openapi"))
    LEFT_OUT[name](app)
    with serving(app) as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=2, seed=1)
        report = run_contract(options, checks=checks_without_pages())
    assert report.findings == []
    assert (report.exit_status, report.defects, report.left_behind) == (CONFORMS, [], [])
    assert report.conformance == 100.0


def test_what_the_pages_document_cannot_be_left_out() -> None:
    app = create_app()
    _without("insertPassings", "inserted_count")(app)
    with serving(app) as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=2, seed=1, operations=("insertPassings",))
        report = run_contract(options, checks=checks_without_pages("insertPassings"))
    assert ("insertPassings 201 PassingsInserted", "/inserted_count") in {
        (finding.rests_on, finding.pointer) for finding in report.findings if finding.kind == BREAKING
    }


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


def _on(statuses: Callable[[int], bool], status: int, body: bytes, only: Callable[[], bool] = lambda: True) -> Any:
    def spoil(app: Flask) -> None:
        @app.after_request
        def changed(response: Response) -> Response:
            if statuses(response.status_code) and only():
                response.status_code = status
                response.set_data(body)
            return response

    return spoil


def _each(*spoilers: Any) -> Any:
    def spoil(app: Flask) -> None:
        for one in spoilers:
            one(app)

    return spoil


ASSUMED_OTHERWISE = {
    "a missing or unknown key is a 401": _on(
        lambda status: status in (400, 403),
        401,
        b'{"message":"Unauthorized"}',
        lambda: request.headers.get("api_key", "ror-0000")[:8] == "ror-0000" and "x-api-key" not in request.headers,
    ),
    "400 and 403 have bodies of their own": _each(
        _on(lambda status: status == 400, 400, b'{"message":"Bad Request"}'),
        _on(lambda status: status == 403, 403, b'{"message":"Forbidden"}'),
    ),
    "sessions and passings are taken with a 200": _each(
        raw("insertSession", lambda r: setattr(r, "status_code", 200), lambda status: status == 201),
        raw("insertPassings", lambda r: setattr(r, "status_code", 200), lambda status: status == 201),
    ),
    "an unknown device has no passings": _each(
        _on(lambda s: s == 404, 404, b'{"message":"?"}', lambda: "/passings/device" in request.path),
    ),
    "the list of devices is another one": answers(
        "listDevices", lambda body: {"devices": [{"deviceid": d["deviceid"]} for d in body["result"]]}
    ),
    "times without an offset are kept as they came": answers(
        "getSessionPassings",
        each(
            lambda passing: (
                passing["timestamp"] == "2024-05-01T08:00:00.873Z"
                and passing.update(timestamp="2024-05-01 08:00:00.873")
            )
        ),
    ),
    "the text of a 409 is another one": answers("bindDevice", lambda body: body.update(description="Exists"), 409),
    **{
        name: mutant_named(name).spoil
        for name in (
            "the_last_bound_is_exclusive",
            "a_page_holds_4999",
            "a_repeat_is_stored_twice",
            "a_repeat_overwrites_the_first_write",
            "close_again_is_a_409",
            "first_and_last_are_swapped",
            "sessions_are_listed_newest_first",
            "numbers_are_taken_for_bibs",
            "coordinates_get_zeros",
            "another_companys_device_is_visible",
            "times_without_an_offset_are_local",
            "times_without_an_offset_need_a_space_and_milliseconds",
            "offsets_are_ignored",
        )
    },
}


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


@pytest.fixture(params=AT_THE_PATH_OF_EVENTS)
def without_events(request: pytest.FixtureRequest, dialect: str) -> Iterator[str]:
    """The base URL of a server that has something else at /events."""
    status, content_type, content = AT_THE_PATH_OF_EVENTS[request.param]

    def otherwise(response: Response) -> None:
        response.status_code = status
        response.content_type = content_type
        response.set_data(content)

    app = create_app(Config(dialect=dialect))
    raw("listEvents", otherwise)(app)
    with serving(app) as url:
        yield url


@pytest.mark.parametrize("writes", [False, True], ids=["reads", "writes"])
def test_a_server_without_events_has_no_drift(without_events: str, writes: bool) -> None:
    keys = fixture_keys() if writes else Keys(READ)
    options = Options(without_events, keys, allow_writes=writes, examples=2, seed=1)
    report = run_contract(options, checks=checks_without_pages())
    (finding,) = report.findings
    assert (finding.kind, finding.rests_on, finding.pointer) == (NOTE, "listEvents events-path", "#status")
    assert (report.exit_status, report.defects) == (CONFORMS, [])
    verdicts = {verdict.name: verdict for verdict in report.verdicts}
    events = verdicts.pop("listEvents")
    assert (events.verdict, events.exercised) == ("not exercised", set())
    assert set(events.missing) == set(events.statements)
    assert all("/events, and this path is only assumed" in reason for reason in events.missing.values())
    if writes:
        assert {verdict.verdict for verdict in verdicts.values()} == {"conforms"}


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


@pytest.mark.parametrize("name", ASSUMED_OTHERWISE)
def test_what_is_assumed_fails_nothing(name: str) -> None:
    app = create_app()
    application = ASSUMED_OTHERWISE[name](app) or app
    with serving(application) as url:
        options = Options(url, fixture_keys(), allow_writes=True, examples=2, seed=1)
        report = run_contract(options, checks=checks_without_pages() if "page" not in name else ())
    assert [(f.operation, f.rests_on, f.actual) for f in report.findings if f.kind == BREAKING] == []
    assert NOTE in {finding.kind for finding in report.findings} or ADDITION in {f.kind for f in report.findings}
    assert report.exit_status == CONFORMS
    assert report.defects == []


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
