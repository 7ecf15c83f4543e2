"""Differences from the mock that the contract kit tolerates, and one that it does not."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request

from rufus_mock.contract import ADDITION, BREAKING, NOTE, Options, run_contract
from rufus_mock.contract.embedded import fixture_keys
from rufus_mock.contract.report.report import CONFORMS
from rufus_mock.web.app import Config, create_app
from tests.contract.mutants import answers, checks_without_pages, each, mutant_named, raw
from tests.contract.mutants.faultless import adds_unknown_fields
from tests.servers import serving


def test_unknown_fields_are_additions_and_fail_nothing(dialect: str) -> None:
    app = create_app(Config(dialect=dialect))
    adds_unknown_fields(app)
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
